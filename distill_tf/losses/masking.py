"""Masking for token-level losses: padding reaches neither a value nor a gradient."""

import tensorflow as tf
from keras import ops

# exp(MASKED_SCORE - score) is exactly 0 in float32 for any score a model produces,
# and unlike -inf it leaves the softmax of an all-padding row defined.
MASKED_SCORE = -1e9


def masked_difference(
    student: tf.Tensor, teacher: tf.Tensor, mask: tf.Tensor
) -> tf.Tensor:
    """``student - teacher`` in float32, exactly 0 where the mask is False.

    Both the difference and its gradient are 0 at a masked position even where a
    tensor holds inf or NaN there.

    Args:
        student: Any shape, any float dtype.
        teacher: The student's shape, any float dtype.
        mask: bool, broadcastable to the student's shape; False at padding.

    Returns:
        float32, the student's shape.
    """
    difference = ops.cast(student, "float32") - ops.cast(teacher, "float32")
    # Selected, not multiplied, as 0 * NaN is NaN; and selected before anything
    # non-linear, as the chain rule would otherwise multiply 0 by NaN backwards.
    return ops.where(mask, difference, 0.0)


def token_mask(mask: tf.Tensor) -> tf.Tensor:
    """The padding mask [B, L] of any dtype as bool [B, L]; True at valid tokens."""
    return ops.cast(mask, "bool")


def pair_mask(mask: tf.Tensor) -> tf.Tensor:
    """bool [B, 1, L, L] from a mask [B, L]: True where query and key are valid.

    The axis of size 1 broadcasts over the heads.
    """
    valid = token_mask(mask)
    return ops.logical_and(valid[:, None, :, None], valid[:, None, None, :])


def token_counts(mask: tf.Tensor) -> tf.Tensor:
    """Number of valid tokens of every example, as a divisor.

    Args:
        mask: [B, L], any dtype.

    Returns:
        float32 [B]; 1 for an example that is all padding, so that its mean is 0.
    """
    counts = ops.sum(ops.cast(token_mask(mask), "float32"), axis=-1)
    return ops.maximum(counts, 1.0)
