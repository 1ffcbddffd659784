"""Which analyzer suits a set of texts."""

import re
from collections.abc import Sequence
from itertools import islice

from distill_tf.augmentation.analysis import Analyzer

_LOOKED_AT = 1000
_IDEOGRAPH = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def detect_language(texts: Sequence[str]) -> str:
    """ "chinese" if most letters of the first texts are ideographs, else "english"."""
    sample = "".join(islice(texts, _LOOKED_AT))
    letters = sum(map(str.isalpha, sample))
    return "chinese" if 2 * len(_IDEOGRAPH.findall(sample)) > letters else "english"


def build_analyzer(language: str, tagged: bool) -> Analyzer:
    """The analyzer of "english" or "chinese".

    Args:
        language: what `detect_language` gives.
        tagged: whether it also tells parts of speech, which takes longer.

    Raises:
        DistillError: the tagger is not installed.
    """
    # Each language has libraries of its own, which the other need not load.
    if language == "chinese":
        from distill_tf.augmentation.chinese import ChineseAnalyzer

        return ChineseAnalyzer(tagged)
    from distill_tf.augmentation.english import EnglishAnalyzer

    return EnglishAnalyzer(tagged)
