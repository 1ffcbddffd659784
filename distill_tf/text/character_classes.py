"""Character ranges at which words end, as the inside of an RE2 bracket."""

# In cleaned text, from which the other control characters are gone.
WHITE_SPACE = r"\t\n\r\p{Z}"
# google-research/bert counts all ASCII symbols as punctuation, such as "$".
PUNCTUATION = r"!-/:-@\[-`{-~\p{P}"
COMMON_CJK = r"\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}"
RARE_CJK = (
    r"\x{F900}-\x{FAFF}\x{2F800}-\x{2FA1F}"
    r"\x{20000}-\x{2A6DF}\x{2A700}-\x{2CEAF}"
)
