"""Lengths and directions of vectors, defined for a vector of zeros too."""

import tensorflow as tf
from keras import ops


def length(vectors: tf.Tensor) -> tf.Tensor:
    """Euclidean length along the last axis, kept with size 1.

    A vector of zeros has gradient 0, where that of the square root is infinite.
    """
    squared = _squared_length(vectors)
    is_zero = ops.equal(squared, 0.0)
    return ops.where(is_zero, 0.0, ops.sqrt(ops.where(is_zero, 1.0, squared)))


def unit(vectors: tf.Tensor, shortest: float = 0.0) -> tf.Tensor:
    """The vectors along the last axis at length 1.

    A vector no longer than `shortest` has no direction: it becomes 0, with gradient 0.
    """
    squared = _squared_length(vectors)
    is_short = ops.less_equal(squared, shortest**2)
    scale = ops.rsqrt(ops.where(is_short, 1.0, squared))
    return vectors * ops.where(is_short, 0.0, scale)


def centred(vectors: tf.Tensor) -> tf.Tensor:
    """The vectors along the last axis less their mean."""
    return vectors - ops.mean(vectors, axis=-1, keepdims=True)


def _squared_length(vectors: tf.Tensor) -> tf.Tensor:
    return ops.sum(ops.square(vectors), axis=-1, keepdims=True)
