"""Chinese words, found by jieba."""

import warnings
from collections.abc import Sequence

from distill_tf.text.normalization import clean
from distill_tf.text.string_tensors import as_string_tensor
from distill_tf.text.string_tensors import in_parts
from distill_tf.text.word_splitter import WordSplitter


class JiebaSplitter(WordSplitter):
    """Splits Chinese into words by jieba's dictionary and hidden Markov model.

    jieba is Python code, so `segment` runs it and puts a space between the words; the
    graph splits at those. Texts are lower-cased only after that, since jieba's
    dictionary holds words such as "T恤".
    """

    segments_in_python = True

    def __init__(self, do_lower_case: bool):
        super().__init__(do_lower_case)
        self._jieba = _load_jieba()

    def segment(self, texts: Sequence[str]) -> list[str]:
        """The texts with one space between words; their own white space is gone."""
        segmented = []
        for part in in_parts(texts):
            for text in clean(as_string_tensor(part)).numpy().tolist():
                words = map(str.strip, self._jieba.cut(text.decode("utf-8")))
                segmented.append(" ".join(filter(None, words)))
        return segmented


def _load_jieba():
    """A `jieba.Tokenizer` with the dictionary that jieba comes with.

    Left to itself, jieba would load it at first use, write a cache file into the
    temporary folder that all processes share, and log to stderr.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of jieba's escape sequences.
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
