"""Pretrained word vectors for the words of a vocabulary."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.text.word_vector_file import read_word_vectors


@dataclass(frozen=True, eq=False)
class WordVectors:
    """An embedding table, and which of its rows come from a file.

    Attributes:
        matrix: [V, D] float32, one row a word.
        found: [V] bool; the other rows are drawn at random.
    """

    matrix: np.ndarray
    found: np.ndarray

    @property
    def found_fraction(self) -> float:
        """The share of words that the file has, between 0 and 1."""
        return float(self.found.mean())


def load_word_vectors(
    path: str | os.PathLike, words: Sequence[str], seed: int = 0
) -> WordVectors:
    """Reads the vectors of the given words from a file of pretrained ones.

    The file is GloVe text, word2vec text or word2vec binary, whatever its name says.
    It is read once, row by row, and only the rows of the given words are kept. Words
    must agree exactly, in letter case too; of a word that comes again the first row
    counts, the more frequent one.

    The words that are not found are drawn from the normal distribution that has, in
    each dimension, the mean and the standard deviation of the vectors found: they are
    as large as those, and lie where those lie (the dimensions of GloVe are far from
    centred). PaddleNLP draws from U(0, 1) instead, which is neither.

    Args:
        path: The file.
        words: The V words, such as a vocabulary's tokens.
        seed: What the random rows depend on.

    Raises:
        DistillError: If the file is missing, has none of the words, or is broken: a
            row of another width, something else than a finite number, an end before
            the last row.
    """
    wanted = {word.encode("utf-8", "surrogatepass"): i for i, word in enumerate(words)}
    vectors: dict[int, np.ndarray] = {}
    for word, vector in read_word_vectors(path, wanted):
        vectors.setdefault(wanted[word], vector)
    if not vectors:
        raise DistillError(
            f"{path} should hold vectors for the vocabulary, but has none of its "
            f"{len(words)} words: give vectors of the same language, letter case and "
            "way to split words."
        )
    rows = sorted(vectors)
    known = np.stack([vectors[row] for row in rows])
    found = np.zeros(len(words), bool)
    found[rows] = True
    matrix = np.empty((len(words), known.shape[1]), np.float32)
    matrix[found] = known
    matrix[~found] = _draw_like(known, len(words) - len(rows), seed)
    return WordVectors(matrix, found)


def _draw_like(known: np.ndarray, rows: int, seed: int) -> np.ndarray:
    mean = known.mean(axis=0, dtype=np.float64)
    deviation = known.std(axis=0, dtype=np.float64)
    normal = np.random.default_rng(seed).standard_normal((rows, known.shape[1]))
    return mean + deviation * normal
