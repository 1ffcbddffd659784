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


def pair_mask(mask: tf.Tensor, key_mask: tf.Tensor | None = None) -> tf.Tensor:
    """bool [B, 1, L, K]: True where query and key are valid.

    The axis of size 1 broadcasts over the heads.

    Args:
        mask: [B, L], of the queries, any dtype.
        key_mask: [B, K], of the keys; None where they are the same tokens.
    """
    queries = token_mask(mask)
    keys = queries if key_mask is None else token_mask(key_mask)
    return ops.logical_and(queries[:, None, :, None], keys[:, None, None, :])


def masked_probabilities(scores: tf.Tensor, valid_pairs: tf.Tensor) -> tf.Tensor:
    """Softmax in float32 over an attention query's valid keys; 0 at the others.

    A row without any valid key, as a padded query's, is uniform whatever its scores.

    Args:
        scores: [B, heads, L, K], any float dtype.
        valid_pairs: what `pair_mask` gives.
    """
    scores = ops.cast(scores, "float32")
    return ops.softmax(ops.where(valid_pairs, scores, MASKED_SCORE), axis=-1)


def token_counts(mask: tf.Tensor) -> tf.Tensor:
    """Number of valid tokens of every example, as a divisor.

    Args:
        mask: [B, L], any dtype.

    Returns:
        float32 [B]; 1 for an example that is all padding, so that its mean is 0.
    """
    counts = ops.sum(ops.cast(token_mask(mask), "float32"), axis=-1)
    return ops.maximum(counts, 1.0)
