"""A text as words, with what is needed to write it again."""

from typing import NamedTuple
from typing import Protocol

# The tag of every word where nobody asked for parts of speech.
UNTAGGED = ""


class Analysis(NamedTuple):
    """A text of n words.

    Attributes:
        words: n words without white space; punctuation counts as words.
        spaced: n times whether white space stands before the word.
        tags: n parts of speech.
    """

    words: list[str]
    spaced: list[bool]
    tags: list[str]


class Analyzer(Protocol):
    """Splits texts of one language into words."""

    def __call__(self, text: str) -> Analysis:
        """The words together hold every character of the text but white space."""
