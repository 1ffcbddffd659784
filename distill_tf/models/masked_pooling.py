"""One vector a text from the vectors of its tokens, padding left out."""

import keras
from keras import ops


def masked_max(states, mask):
    """The largest value of each unit over a row's tokens; 0 of a row without any.

    Padding is -inf before the maximum; a 0 there would win over negative states.

    Args:
        states: [..., L, D].
        mask: [..., L], true at tokens.

    Returns:
        [..., D].
    """
    largest = ops.max(
        ops.where(ops.expand_dims(mask, -1), states, -float("inf")), axis=-2
    )
    return ops.where(ops.any(mask, axis=-1, keepdims=True), largest, 0)


def masked_mean(states, mask):
    """The mean over a row's tokens, in float32 at least; 0 of a row without any.

    Args:
        states: [..., L, D].
        mask: [..., L], true at tokens.

    Returns:
        [..., D], in the dtype of `states`.
    """
    dtype = keras.backend.result_type(states.dtype, "float32")
    total = ops.sum(
        ops.where(ops.expand_dims(mask, -1), ops.cast(states, dtype), 0), axis=-2
    )
    tokens = ops.sum(ops.cast(mask, dtype), axis=-1)
    return ops.cast(total / ops.expand_dims(ops.maximum(tokens, 1), -1), states.dtype)
