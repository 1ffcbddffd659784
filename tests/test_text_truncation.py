"""Tests of longest-first truncation."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.text.truncation import keep_first
from distill_tf.text.truncation import longest_first_lengths


def pop_longest(length_a, length_b, max_total):
    """One token at a time, from the second row when both are equally long."""
    while length_a + length_b > max_total:
        if length_a > length_b:
            length_a -= 1
        else:
            length_b -= 1
    return length_a, length_b


@pytest.mark.parametrize("max_total", range(2, 14))
def test_closed_form_equals_the_loop(max_total):
    lengths_a, lengths_b = map(np.ravel, np.meshgrid(np.arange(31), np.arange(31)))
    kept = longest_first_lengths(
        tf.constant(lengths_a), tf.constant(lengths_b), max_total
    )
    expected = [
        pop_longest(a, b, max_total) for a, b in zip(lengths_a, lengths_b, strict=True)
    ]
    np.testing.assert_array_equal(np.stack(kept, axis=1), expected)


def test_keep_first():
    tokens = tf.ragged.constant([[1, 2, 3], [], [4, 5]], dtype=tf.int32)
    kept = keep_first(tokens, tf.constant([2, 0, 2], tf.int64))
    assert kept.to_list() == [[1, 2], [], [4, 5]]
    assert kept.dtype == tf.int32
