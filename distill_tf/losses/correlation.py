"""DIST: agreement in relations, measured by correlation, rather than in values."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.softened import log_probabilities
from distill_tf.losses.vectors import centred
from distill_tf.losses.vectors import unit

# A spread of probabilities no larger than this is rounding in float32.
_NO_SPREAD = 1e-6


def correlation_distance(
    student_logits: tf.Tensor,
    teacher_logits: tf.Tensor,
    temperature: float | tf.Tensor = 1.0,
    beta: float = 1.0,
    gamma: float = 1.0,
) -> tf.Tensor:
    """1 - Pearson's correlation, across the classes and across the batch.

        value_b = beta (1 - r(p^S_b, p^T_b)) + gamma / C sum_c (1 - r(p^S_.c, p^T_.c))

    with p = softmax(logits / T), p_b an example's probabilities, and p_.c those of a
    class over the batch. The second term belongs to the batch and is the same for all
    of its examples. Probabilities without any spread correlate with nothing, r = 0; so
    in a batch of one the second term is the constant gamma.

    With two classes an example's correlation is 1 or -1 and has no gradient: only the
    second term teaches.

    Reference: Huang et al., "Knowledge Distillation from A Stronger Teacher" (2022),
    and hunto/DIST_KD, where both weights are 1 and the paper has 2. Difference: the
    authors' code for classification (hunto/image_classification_sota) multiplies by
    T^2; here there is none, since a correlation does not shrink as T grows.

    Args:
        student_logits: [B, C], any float dtype.
        teacher_logits: [B, C], any float dtype.
        temperature: T > 0.
        beta: Weight of the correlation across the classes.
        gamma: Weight of the correlation across the batch.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ or the temperature is not positive.
    """
    student, teacher = map(
        ops.exp, log_probabilities(student_logits, teacher_logits, temperature)
    )
    across_classes = 1.0 - _correlation(student, teacher)
    across_batch = 1.0 - _correlation(ops.transpose(student), ops.transpose(teacher))
    return beta * across_classes + gamma * ops.mean(across_batch)


def _correlation(rows: tf.Tensor, other_rows: tf.Tensor) -> tf.Tensor:
    """Pearson's correlation of each row with the other's."""
    directions = (unit(centred(each), _NO_SPREAD) for each in (rows, other_rows))
    return ops.sum(ops.multiply(*directions), axis=-1)
