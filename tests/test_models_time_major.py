"""Reversal of valid steps, and the last one."""

import numpy as np
import tensorflow as tf

from distill_tf.models.time_major import at_last_step
from distill_tf.models.time_major import reverse_valid_steps

LENGTHS = np.int32([7, 1, 4, 0])
ROWS = np.random.default_rng(0).normal(size=(7, 4, 3))


def test_reverses_each_rows_valid_steps_and_leaves_padding():
    found = reverse_valid_steps(tf.constant(ROWS), tf.constant(LENGTHS))
    for row, length in enumerate(LENGTHS):
        expected = np.concatenate([ROWS[:length, row][::-1], ROWS[length:, row]])
        np.testing.assert_array_equal(found[:, row], expected)


def test_equals_tensorflows_reverse_sequence():
    np.testing.assert_array_equal(
        reverse_valid_steps(tf.constant(ROWS), tf.constant(LENGTHS)),
        tf.reverse_sequence(ROWS, LENGTHS, seq_axis=0, batch_axis=1),
    )


def test_the_gradient_goes_back_where_it_came_from():
    rows, lengths = tf.constant(ROWS), tf.constant(LENGTHS)
    upstream = tf.constant(np.random.default_rng(1).normal(size=ROWS.shape))
    found = []
    for function in (
        lambda: reverse_valid_steps(rows, lengths),
        lambda: tf.reverse_sequence(rows, lengths, seq_axis=0, batch_axis=1),
    ):
        with tf.GradientTape() as tape:
            tape.watch(rows)
            reversed_rows = function()
        found.append(tape.gradient(reversed_rows, rows, upstream))
    np.testing.assert_array_equal(*found)


def test_the_last_valid_step_of_each_row():
    found = at_last_step(tf.constant(ROWS), tf.constant(LENGTHS))
    expected = [ROWS[6, 0], ROWS[0, 1], ROWS[3, 2], np.zeros(3)]
    np.testing.assert_array_equal(found, expected)
