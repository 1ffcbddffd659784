"""BERT's cleaning, lower-casing and accent stripping, in graph operations."""

import tensorflow as tf
import tensorflow_text as tf_text

# Control characters but tab, line feed and carriage return, format characters (the
# soft hyphen), private use, and the replacement character.
_INVISIBLE = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\p{Cf}\p{Co}\x{FFFD}]+"
_NONSPACING_MARKS = r"\p{Mn}+"


def clean(texts: tf.Tensor) -> tf.Tensor:
    """Drops invalid UTF-8, control, format and private-use characters.

    Line breaks, tabs and Unicode spaces stay: the tokenizer splits at all of them.

    Args:
        texts: UTF-8 strings, of any shape.

    Returns:
        Valid UTF-8 strings, of the same shape.
    """
    valid = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8", errors="replace")
    return tf.strings.regex_replace(valid, _INVISIBLE, "")


def lower_and_strip_accents(texts: tf.Tensor) -> tf.Tensor:
    """Decomposes (NFD), drops non-spacing marks (Mn) and lower-cases.

    Equal to the `lowercase` and `strip_accents` of Hugging Face's BertNormalizer.
    TensorFlow Text's own lower-casing folds by NFKC instead, which also turns a
    full-width comma into an ASCII one and an ellipsis into three dots: other tokens
    than those the checkpoints were trained on.

    Two precautions make `tf.strings.lower` a function of the single character. It
    applies the final-sigma rule to a capital sigma, as Python's `str.lower` and so
    google-research/bert do and Hugging Face does not. And it obeys the locale of the
    process: under a Turkish one it makes a dotless i of "I", unless the ASCII letters
    are lower-cased first.

    Args:
        texts: Valid UTF-8 strings, of any shape.

    Returns:
        Strings of the same shape.
    """
    decomposed = tf_text.normalize_utf8(texts, "NFD")
    bare = tf.strings.regex_replace(decomposed, _NONSPACING_MARKS, "")
    bare = tf.strings.regex_replace(bare, "Σ", "σ")
    return tf.strings.lower(tf.strings.lower(bare), encoding="utf-8")
