"""Logit standardization: soft labels that leave the logits' mean and scale free."""

import math

import tensorflow as tf

from distill_tf.losses.logits import kl_divergence
from distill_tf.losses.softened import paired_logits
from distill_tf.losses.vectors import centred
from distill_tf.losses.vectors import unit


def standardized_kl_divergence(
    student_logits: tf.Tensor,
    teacher_logits: tf.Tensor,
    temperature: float | tf.Tensor = 2.0,
) -> tf.Tensor:
    """`kl_divergence` between standardized logits, times T^2.

        value_b = T^2 KL(softmax(s(z^T_b) / T) || softmax(s(z^S_b) / T))
        s(z) = (z - mean z) / std z,    std^2 = sum_c (z_c - mean z)^2 / (C - 1)

    so a student is free to be as sure as it likes. Logits that are all equal
    standardize to 0.

    With two classes standardized logits are always 1/sqrt(2) and -1/sqrt(2): there is
    no gradient, and the loss teaches nothing.

    Reference: Sun et al., "Logit Standardization in Knowledge Distillation" (2024),
    and sunshangquan/logit-standardization-KD, where T = 2 and the weight is 9. It adds
    1e-7 to the standard deviation instead of treating equal logits.

    Args:
        student_logits: [B, C], any float dtype.
        teacher_logits: [B, C], any float dtype.
        temperature: T > 0.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ or the temperature is not positive.
    """
    student, teacher = paired_logits(student_logits, teacher_logits)
    return kl_divergence(_standardized(student), _standardized(teacher), temperature)


def _standardized(logits: tf.Tensor) -> tf.Tensor:
    # Centred logits of length 1 have the standard deviation 1 / sqrt(C - 1).
    return unit(centred(logits)) * math.sqrt(logits.shape[-1] - 1)
