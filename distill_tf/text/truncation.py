"""Longest-first truncation of pairs of token rows, in closed form."""

import tensorflow as tf


def longest_first_lengths(
    lengths_a: tf.Tensor, lengths_b: tf.Tensor, max_total: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """Lengths that remain when the longer row loses its last token until both fit.

    google-research/bert (`_truncate_seq_pair`) removes one token at a time, from the
    second row when both are equally long. That ends where a row keeps the room the
    other leaves, but at least half: the larger half for the first row.

        a' = min(a, max(max_total - b, ceil(max_total / 2)))
        b' = min(b, max_total - a')

    Args:
        lengths_a: [n] token counts of the first rows.
        lengths_b: [n] token counts of the second rows.
        max_total: Tokens that a pair may keep.

    Returns:
        The two [n] tensors of kept token counts.
    """
    larger_half = max_total - max_total // 2
    kept_a = tf.minimum(lengths_a, tf.maximum(max_total - lengths_b, larger_half))
    kept_b = tf.minimum(lengths_b, max_total - kept_a)
    return kept_a, kept_b


def keep_first(tokens: tf.RaggedTensor, lengths: tf.Tensor) -> tf.RaggedTensor:
    """Keeps the first `lengths[i]` tokens of row i.

    Args:
        tokens: [n, (tokens)].
        lengths: [n] int64, at most the rows' own lengths.

    Returns:
        [n, (lengths)], of the same dtype as `tokens`.
    """
    starts = tokens.row_starts()
    return tf.gather(tokens.values, tf.ragged.range(starts, starts + lengths))
