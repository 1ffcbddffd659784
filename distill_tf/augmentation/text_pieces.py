"""The texts of a corpus as WordPiece ids."""

import numpy as np
import tensorflow as tf

from distill_tf.augmentation.corpus import Corpus
from distill_tf.text import WordPieceTokenizer
from distill_tf.text.string_tensors import as_string_tensor


class TextPieces:
    """The pieces of all texts in one array, found by the positions of words.

    Each word is split by itself, so a piece belongs to one word.
    """

    def __init__(self, corpus: Corpus, tokenizer: WordPieceTokenizer):
        """Splits every word once."""
        words = corpus.lexicon.words
        by_word = tokenizer(as_string_tensor(words))
        pieces = tf.gather(by_word, corpus.word_ids)
        self._ids = pieces.values.numpy()
        self._word_splits = pieces.row_splits.numpy()
        self._row_splits = corpus.row_splits

    def around(self, position: int) -> np.ndarray:
        """[n] int32, the pieces of the text that a word is in."""
        start, stop = self._bounds(position)
        return self._ids[start:stop]

    def lengths(self, positions: np.ndarray) -> np.ndarray:
        """[q] how many pieces the text has that each word is in."""
        starts, stops = self._bounds(positions)
        return stops - starts

    def offsets(self, positions: np.ndarray) -> np.ndarray:
        """[q] how many pieces of its text come before each word."""
        return self._word_splits[positions] - self._bounds(positions)[0]

    def single_pieces(self, positions: np.ndarray) -> np.ndarray:
        """Those of the words that have one piece."""
        starts, stops = self._word_splits[positions], self._word_splits[positions + 1]
        return positions[stops - starts == 1]

    def first_pieces(self, positions: np.ndarray) -> np.ndarray:
        """[q] int32, the first piece of each word, which must have one."""
        return self._ids[self._word_splits[positions]]

    def _bounds(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the texts that the words are in start and stop."""
        texts = np.searchsorted(self._row_splits, positions, side="right") - 1
        starts, stops = self._row_splits[texts], self._row_splits[texts + 1]
        return self._word_splits[starts], self._word_splits[stops]
