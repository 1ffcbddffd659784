"""Chinese texts as words with jieba's tags."""

import warnings

from distill_tf.augmentation.analysis import UNTAGGED
from distill_tf.augmentation.analysis import Analysis


class ChineseAnalyzer:
    """Splits into jieba's words; its dictionary and its tagger come with it.

    The tagger cuts a few unknown words otherwise than the bare tokenizer.
    """

    def __init__(self, tagged: bool = True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of jieba's escape sequences.
            import jieba.posseg
        tokenizer = jieba.Tokenizer()
        # Left to itself it writes a cache into the temporary folder that all
        # processes share, and logs to stderr.
        dictionary = tokenizer.get_dict_file()
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(dictionary)
        tokenizer.initialized = True
        self._tokenizer = tokenizer
        self._tagger = jieba.posseg.POSTokenizer(tokenizer) if tagged else None

    def __call__(self, text: str) -> Analysis:
        words, spaced, tags = [], [], []
        is_after_space = False
        for word, tag in self._cut(text):
            if word.isspace():
                is_after_space = True
                continue
            words.append(word)
            spaced.append(is_after_space)
            tags.append(tag)
            is_after_space = False
        return Analysis(words, spaced, tags)

    def _cut(self, text: str) -> list[tuple[str, str]]:
        if self._tagger is None:
            return [(word, UNTAGGED) for word in self._tokenizer.cut(text)]
        return [(pair.word, pair.flag) for pair in self._tagger.cut(text)]
