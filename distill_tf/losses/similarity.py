"""Similarity-preserving loss: which examples of a batch a model holds for alike."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.shapes import check_same_batch
from distill_tf.losses.vectors import unit


def similarity_distance(student: tf.Tensor, teacher: tf.Tensor) -> tf.Tensor:
    """Squared difference of the similarities between the examples of a batch.

        value_b = 1/B sum_j (G^S_bj - G^T_bj)^2,    G_b = g_b / |g_b|,    g = F F^T

    with F the features [B, D] of a network and g_b the b-th row of its Gram matrix.
    The widths of student and teacher may differ. This is a loss of the batch: a value
    says how example b relates to the others, so it depends on them by definition, and
    a batch of one has value 0. The batch mean is |G^S - G^T|_F^2 / B^2.

    Reference: Tung & Mori, "Similarity-Preserving Knowledge Distillation" (2019).

    Args:
        student: [B, D_S], any float dtype.
        teacher: [B, D_T], any float dtype.

    Returns:
        float32 [B].

    Raises:
        ValueError: A tensor has another rank, or the batch sizes differ.
    """
    check_same_batch("features", student, teacher)
    difference = _similarities(student) - _similarities(teacher)
    return ops.mean(ops.square(difference), axis=-1)


def _similarities(features: tf.Tensor) -> tf.Tensor:
    """float32 [B, B]: the Gram matrix with rows of length 1."""
    features = ops.cast(features, "float32")
    return unit(ops.matmul(features, ops.transpose(features)))
