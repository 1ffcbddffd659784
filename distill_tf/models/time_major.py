"""Steps of right-padded rows that lie time-major, [L, B, D]."""

import tensorflow as tf


@tf.custom_gradient
def reverse_valid_steps(rows, lengths):
    """Each row's valid steps in reverse order; padding stays where it is.

    The order is its own inverse, so the gradient is the same function. Moving whole
    steps is several times as fast as `tf.reverse_sequence`, which moves numbers.

    Args:
        rows: [L, B, D].
        lengths: [B], valid steps of each row.

    Returns:
        [L, B, D].
    """
    shape = tf.shape(rows)
    steps, batch = tf.expand_dims(tf.range(shape[0]), -1), tf.range(shape[1])
    sources = tf.where(steps < lengths, lengths - 1 - steps, steps)
    sources = sources * shape[1] + batch

    def reverse(rows):
        flat = tf.reshape(rows, (-1, rows.shape[-1]))
        return tf.reshape(tf.gather(flat, sources), shape)

    return reverse(rows), lambda upstream: (reverse(upstream), None)


def at_last_step(rows, lengths):
    """What stands at each row's last valid step; 0 of a row without any.

    Args:
        rows: [L, B, D].
        lengths: [B], valid steps of each row.

    Returns:
        [B, D].
    """
    batch = tf.range(tf.shape(rows)[1])
    last = tf.gather_nd(rows, tf.stack([tf.maximum(lengths - 1, 0), batch], axis=-1))
    return tf.where(tf.expand_dims(lengths, -1) > 0, last, tf.zeros((), rows.dtype))
