"""PKD's patience: squared difference of the [CLS] vectors of a pair of layers."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.masking import masked_difference
from distill_tf.losses.masking import token_mask
from distill_tf.losses.shapes import check_hidden_states
from distill_tf.losses.vectors import unit


def patience_mse(
    student: tf.Tensor, teacher: tf.Tensor, mask: tf.Tensor, normalized: bool = True
) -> tf.Tensor:
    """Mean squared difference of the first token's hidden states over the width.

        value_b = 1/H sum_h (u^S_bh - u^T_bh)^2,    u = h_[CLS] / |h_[CLS]|_2

    or with u = h_[CLS] if not `normalized`. With it only directions count, and the
    value is at most 4 / H; it is 2 / H times one minus the cosine.

    Reference: Sun et al., "Patient Knowledge Distillation for BERT Model Compression"
    (arXiv:1908.09355), equation 7, which is a sum over the width. The mean is that of
    the official code (intersun/PKD-for-BERT-Model-Compression, src/KD_loss.py), so
    that its weights, 10 to 1000, mean the same here.

    Args:
        student: [B, L, H], any float dtype, projected to the teacher's width.
        teacher: [B, L, H], any float dtype.
        mask: [B, L], non-zero or True at valid tokens.
        normalized: whether the vectors are brought to length 1.

    Returns:
        float32 [B]; 0 for an example whose first token is padding.

    Raises:
        ValueError: The shapes differ.
    """
    check_hidden_states(student, teacher, mask)
    valid = token_mask(mask)[:, :1]
    # Selected before the norm, whose gradient would spread a NaN over the vector.
    student, teacher = (
        ops.where(valid, ops.cast(states[:, 0], "float32"), 0.0)
        for states in (student, teacher)
    )
    if normalized:
        student, teacher = unit(student), unit(teacher)
    return ops.mean(ops.square(masked_difference(student, teacher, valid)), axis=-1)
