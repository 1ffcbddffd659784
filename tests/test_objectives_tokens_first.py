"""Rows with padding anywhere, put in order."""

import numpy as np
import tensorflow as tf

from distill_tf.objectives.tokens_first import tokens_first

MASK = np.bool_([[1, 0, 1, 1, 0], [0, 0, 1, 0, 1], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]])
STATES = np.arange(4 * 5 * 2, dtype=np.float32).reshape(4, 5, 2)


def test_tokens_keep_their_order_and_padding_is_behind():
    states, mask = tokens_first(STATES, MASK)
    for row, (found, valid) in enumerate(zip(states, mask, strict=True)):
        count = MASK[row].sum()
        assert valid.numpy().tolist() == [True] * count + [False] * (5 - count)
        np.testing.assert_array_equal(found[:count], STATES[row][MASK[row]])


def test_rows_padded_behind_stay_as_they_are():
    mask = np.arange(5) < np.array([5, 2, 4, 1])[:, None]
    states, found = tokens_first(STATES, mask)
    np.testing.assert_array_equal(states, STATES)
    np.testing.assert_array_equal(found, mask)


def test_unknown_batch_and_length_can_be_traced():
    traced = tf.function(
        tokens_first,
        input_signature=[
            tf.TensorSpec((None, None, 2), tf.float32),
            tf.TensorSpec((None, None), tf.bool),
        ],
    )
    for found, expected in zip(
        traced(STATES, MASK), tokens_first(STATES, MASK), strict=True
    ):
        np.testing.assert_array_equal(found, expected)
