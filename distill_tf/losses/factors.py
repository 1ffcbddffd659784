"""Factor transfer's losses: how far a student's factor is from the teacher's."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.shapes import check_same_shape
from distill_tf.losses.vectors import length
from distill_tf.losses.vectors import unit

_AXES = {
    "batch size": "feed both models the same batch",
    "factor size": "give paraphraser and translator factors of the same size",
}


def factor_distance(student: tf.Tensor, teacher: tf.Tensor, norm: int = 1) -> tf.Tensor:
    """p-norm of the difference between factors of length 1.

        value_b = | f^S_b / |f^S_b|_2  -  f^T_b / |f^T_b|_2 |_p

    Only the factors' directions are compared. For factors of size K the value is at
    most 2 sqrt(K) with p = 1 and 2 with p = 2.

    Reference: Kim et al., "Paraphrasing Complex Network: Network Compression via
    Factor Transfer" (2018). Difference: the official code
    (Jangho-Kim/Factor-Transfer-pytorch) takes the mean over the factor, p = 1, and
    weighs it by 500: a weight of 500 / K here.

    Args:
        student: [B, K], any float dtype.
        teacher: [B, K], any float dtype.
        norm: p, 1 or 2.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ, or p is neither 1 nor 2.
    """
    check_same_shape("factors", student, teacher, _AXES)
    if norm not in (1, 2):
        raise ValueError(f"Expected a norm of 1 or 2, but got {norm}.")
    difference = unit(ops.cast(student, "float32")) - unit(ops.cast(teacher, "float32"))
    if norm == 1:
        return ops.sum(ops.abs(difference), axis=-1)
    return length(difference)[:, 0]


def factor_mse(student: tf.Tensor, teacher: tf.Tensor) -> tf.Tensor:
    """Mean squared difference of the factors as they are.

        value_b = 1/K sum_k (f^S_bk - f^T_bk)^2

    Reference: bestahao/knowledge_distillnation (knowledge_distill, ft_distill.py),
    where the factors are final states of LSTMs.

    Args:
        student: [B, K], any float dtype.
        teacher: [B, K], any float dtype.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ.
    """
    check_same_shape("factors", student, teacher, _AXES)
    difference = ops.cast(student, "float32") - ops.cast(teacher, "float32")
    return ops.mean(ops.square(difference), axis=-1)
