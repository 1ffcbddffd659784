"""Which words TinyBERT's augmentation may replace, and in what case."""

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS


def is_replaceable(word: str) -> bool:
    """Whether a word consists of letters and is no English stop word.

    TinyBERT's code asks for a to z and has a list of some 180 stop words; here any
    script's letters will do, and the list is scikit-learn's.
    """
    return word.isalpha() and word.lower() not in ENGLISH_STOP_WORDS


def with_case_of(word: str, replacement: str) -> str:
    """The replacement capitalised where the word is."""
    if word.isupper() and len(word) > 1:
        return replacement.upper()
    return replacement[:1].upper() + replacement[1:] if word.istitle() else replacement
