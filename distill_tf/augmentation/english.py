"""English texts as words with Penn Treebank tags."""

import re
import warnings
from collections.abc import Callable

from distill_tf.augmentation.analysis import UNTAGGED
from distill_tf.augmentation.analysis import Analysis
from distill_tf.errors import DistillError

# A clitic that stands apart, as in GLUE's "film 's"; letters and digits with inner
# apostrophes and hyphens; a run of one and the same punctuation mark.
_WORD = re.compile(
    r"['’](?:s|d|m|t|re|ve|ll)\b|\w+(?:['’-]\w+)*|([^\w\s])\1*", re.IGNORECASE
)


class EnglishAnalyzer:
    """Splits at white space and around punctuation; tags by TextBlob.

    TextBlob's tagger is a lexicon of 94,000 words with rules for endings. It comes
    inside the package, so it needs no download; statistical taggers are more accurate
    in context.

    Raises:
        DistillError: tags are wanted, and TextBlob is not installed.
    """

    def __init__(self, tagged: bool = True):
        self._tag = _load_tagger() if tagged else None

    def __call__(self, text: str) -> Analysis:
        words, spaced = [], []
        end = 0
        for match in _WORD.finditer(text):
            words.append(match[0])
            spaced.append(match.start() > end)
            end = match.end()
        return Analysis(words, spaced, self._tags(words))

    def _tags(self, words: list[str]) -> list[str]:
        if self._tag is None or not words:
            return [UNTAGGED] * len(words)
        return [tag for _, tag in self._tag(words)]


def _load_tagger() -> Callable[[list[str]], list[list[str]]]:
    try:
        from textblob.en import parser
    except ImportError as error:
        raise DistillError(
            "replacing English words by their part of speech needs TextBlob, which is "
            'not installed; run pip install -e ".[augment]", or leave that step '
            "out with --p_pos=0."
        ) from error
    with warnings.catch_warnings():
        # It reads its lexicon when first used, and leaves the file to be closed by
        # Python.
        warnings.simplefilter("ignore", ResourceWarning)
        parser.find_tags(["film"])
    return parser.find_tags
