"""Words to ids, by a table in the graph."""

from collections.abc import Sequence

import tensorflow as tf

from distill_tf.text.word_splitter import WordSplitter
from distill_tf.text.word_vocabulary import WordVocabulary


class WordTokenizer(tf.Module):
    """Splits texts into words and looks them up, in TensorFlow operations.

    The word for padding is text when a text holds it, hence unknown: no input can
    forge padding.

    Attributes:
        vocabulary: The vocabulary the ids refer to.
        splitter: What finds the words.
    """

    def __init__(self, vocabulary: WordVocabulary, splitter: WordSplitter):
        super().__init__()
        self.vocabulary = vocabulary
        self.splitter = splitter
        ids = {word: word_id for word_id, word in enumerate(vocabulary.tokens)}
        del ids[vocabulary.tokens[vocabulary.pad_id]]
        words = tf.lookup.KeyValueTensorInitializer(
            list(ids), list(ids.values()), tf.string, tf.int32
        )
        self._ids = tf.lookup.StaticHashTable(words, vocabulary.unk_id)

    @property
    def segments_in_python(self) -> bool:
        """Whether texts must go through `segment` before the graph."""
        return self.splitter.segments_in_python

    def __call__(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Tokenizes a batch of segmented texts.

        Args:
            texts: [n] tf.string, UTF-8.

        Returns:
            [n, (words)] int32 word ids.
        """
        words = self.splitter(texts)
        return words.with_values(self._ids.lookup(words.values))

    def segment(self, texts: Sequence[str]) -> Sequence[str]:
        """The texts with spaces where only Python code finds word boundaries."""
        return self.splitter.segment(texts)

    def split_words(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text."""
        return self.splitter.split_words(texts)
