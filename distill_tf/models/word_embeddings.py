"""A table with one vector a word, new or given, trained or frozen."""

import keras
import numpy as np
from keras import ops

from distill_tf.errors import DistillError
from distill_tf.models.initializers import truncated_normal


class WordEmbeddings(keras.layers.Layer):
    """Looks up rows of `table`, [V, E].

    Args:
        vocab_size: V.
        size: E.
        stddev: deviation of the initial values, a truncated normal distribution.
        trainable: whether training changes the table.
    """

    def __init__(
        self, vocab_size: int, size: int, stddev: float, trainable: bool, **kwargs
    ):
        super().__init__(trainable=trainable, **kwargs)
        self.vocab_size = vocab_size
        self.size = size
        self.stddev = stddev

    def build(self, input_shape=None):
        self.table = self.add_weight(
            name="table",
            shape=(self.vocab_size, self.size),
            initializer=truncated_normal(self.stddev),
            # Casting the rows that were looked up leaves the gradient sparse.
            autocast=False,
            dtype="float32",
        )
        self.built = True

    def call(self, token_ids, padding_mask):
        """Vectors [..., E] of integers [...]; ids at padding are not read."""
        token_ids = ops.where(padding_mask, token_ids, 0)
        return ops.cast(ops.take(self.table, token_ids, axis=0), self.compute_dtype)

    def set_vectors(self, vectors: np.ndarray) -> None:
        """Puts given vectors [V, E] in place; DistillError if the sizes differ."""
        expected = (self.vocab_size, self.size)
        if np.shape(vectors) != expected:
            raise DistillError(
                f"the student's embeddings should be {expected[0]} vectors of "
                f"{expected[1]} numbers, but there are {_described(vectors)}; give "
                "vectors of its vocabulary, and their width as the embedding size."
            )
        self.table.assign(vectors)


def _described(vectors: np.ndarray) -> str:
    shape = np.shape(vectors)
    if len(shape) != 2:
        return f"an array of shape {shape}"
    return f"{shape[0]} of {shape[1]}"
