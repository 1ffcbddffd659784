"""Lengths and directions, and their gradients where there is no direction."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.losses.vectors import centred
from distill_tf.losses.vectors import length
from distill_tf.losses.vectors import unit

VECTORS = np.float32([[3.0, 4.0], [0.0, 0.0]])


def gradient(function, vectors):
    vectors = tf.constant(vectors)
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        total = tf.reduce_sum(function(vectors))
    return tape.gradient(total, vectors).numpy()


def test_length():
    np.testing.assert_allclose(length(VECTORS), [[5.0], [0.0]])
    np.testing.assert_allclose(gradient(length, VECTORS), [[0.6, 0.8], [0.0, 0.0]])


def test_unit():
    np.testing.assert_allclose(unit(VECTORS), [[0.6, 0.8], [0.0, 0.0]], rtol=1e-6)
    # d(a + b)/|v|: 1/5 less its part along the vector, 7/25 * (3/5, 4/5)
    expected = [[0.2 - 0.168, 0.2 - 0.224], [0.0, 0.0]]
    np.testing.assert_allclose(gradient(unit, VECTORS), expected, atol=1e-6)


@pytest.mark.parametrize(("shortest", "expected"), [(4.9, [0.6, 0.8]), (5.0, [0, 0])])
def test_a_short_vector_has_no_direction(shortest, expected):
    found = unit(VECTORS[:1], shortest)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_centred():
    np.testing.assert_allclose(centred(VECTORS), [[-0.5, 0.5], [0.0, 0.0]])
