"""The two steps from a text to its words: one in Python, one in the graph."""

from collections.abc import Sequence

import tensorflow as tf
import tensorflow_text as tf_text

from distill_tf.text.character_classes import WHITE_SPACE
from distill_tf.text.normalization import clean
from distill_tf.text.normalization import lower_and_strip_accents
from distill_tf.text.string_tensors import word_lists

_WHITE_SPACE = f"[{WHITE_SPACE}]+"


class WordSplitter(tf.Module):
    """Splits texts at white space; other ways to split words derive from it.

    A text goes through two steps:

    1. `segment`, in Python, marks the word boundaries that only Python code can find
       by spaces. Here it does nothing.
    2. `__call__`, pure graph operations: drops invisible characters (see
       `normalization.clean`), lower-cases, and splits.

    A SavedModel holds the second step. Who serves one must do the first step before,
    unless the splitter's `segments_in_python` is false.

    Attributes:
        do_lower_case: Whether texts are lower-cased and stripped of accents.
        segments_in_python: Whether `segment` does anything.
    """

    segments_in_python = False

    def __init__(self, do_lower_case: bool):
        super().__init__()
        self.do_lower_case = do_lower_case

    def segment(self, texts: Sequence[str]) -> Sequence[str]:
        """Texts whose words the graph can tell apart."""
        return texts

    def __call__(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Splits a batch of segmented texts.

        Args:
            texts: [n] tf.string, UTF-8.

        Returns:
            [n, (words)] tf.string; none of the words is empty.
        """
        texts = clean(texts)
        if self.do_lower_case:
            texts = lower_and_strip_accents(texts)
        return self._split(texts)

    def split_words(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text, by both steps."""
        return word_lists(self, self.segment(texts))

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        return tf_text.regex_split(texts, _WHITE_SPACE)
