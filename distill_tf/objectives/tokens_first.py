"""Rows with their padding behind the tokens, wherever it stood."""

import tensorflow as tf


def tokens_first(
    states: tf.Tensor, padding_mask: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Each row's tokens in their order, then its padding, and the mask that says so.

    Where two texts of a pair are padded each by itself, padding stands amid the row.
    What goes from token to token would then depend on how far a batch is padded, and
    cuDNN's LSTM refuses such a row.

    Args:
        states: [B, L, H].
        padding_mask: [B, L], True at tokens.

    Returns:
        [B, L, H] and [B, L].
    """
    length = tf.shape(padding_mask)[1]
    positions = tf.range(length)
    order = tf.argsort(tf.where(padding_mask, positions, positions + length), axis=1)
    return (
        tf.gather(states, order, batch_dims=1),
        tf.gather(padding_mask, order, batch_dims=1),
    )
