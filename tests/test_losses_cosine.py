"""Cosine distance: a hand-computed number, its range, and vectors of zeros."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.losses.cosine import cosine_distance

MASK = np.array([[1, 1, 0]])


def test_hand_computed():
    student = np.array([[[3.0, 4.0], [1.0, 1.0], [9.0, 9.0]]])
    teacher = np.array([[[5.0, 0.0], [0.0, 2.0], [-9.0, -9.0]]])
    # cosines 3/5 and 1/sqrt(2): (2/5 + 1 - 0.707107) / 2
    values = cosine_distance(student, teacher, MASK)
    np.testing.assert_allclose(values, [0.346447], rtol=1e-5)


@pytest.mark.parametrize(("factor", "expected"), [(3.0, 0.0), (-0.5, 2.0)])
def test_the_range(factor, expected):
    student = np.random.default_rng(0).normal(size=(1, 3, 5))
    values = cosine_distance(student, factor * student, MASK)
    np.testing.assert_allclose(values, [expected], atol=1e-6)


def test_a_vector_of_zeros_has_cosine_0_and_a_finite_gradient():
    student = tf.zeros([1, 3, 5])
    with tf.GradientTape() as tape:
        tape.watch(student)
        values = cosine_distance(student, np.ones((1, 3, 5)), MASK)
    np.testing.assert_array_equal(values, [1.0])
    assert np.isfinite(tape.gradient(values, student)).all()


def test_another_width_is_refused():
    with pytest.raises(ValueError, match=r"differ in width: project"):
        cosine_distance(np.zeros((3, 7, 4)), np.zeros((3, 7, 8)), np.ones((3, 7)))
