"""Logit standardization: a hand-computed number, scale, and two classes."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.losses.standardized import standardized_kl_divergence

# Both have the standard deviation 1: [-1, 0, 1] and [1, -1, 0].
STUDENT, TEACHER = np.array([[0.0, 1.0, 2.0]]), np.array([[5.0, 3.0, 4.0]])


def gradient(student, teacher):
    student = tf.constant(student, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(student)
        total = tf.reduce_sum(standardized_kl_divergence(student, teacher))
    return tape.gradient(total, student).numpy()


def test_hand_computed():
    # softmax [1, -1, 0] = [0.665241, 0.090031, 0.244728]; log p differs by 2, -1, -1.
    values = standardized_kl_divergence(STUDENT, TEACHER, temperature=1.0)
    np.testing.assert_allclose(values, [0.995723], rtol=1e-5)


def test_the_default_temperature_is_two():
    np.testing.assert_array_equal(
        standardized_kl_divergence(STUDENT, TEACHER),
        standardized_kl_divergence(STUDENT, TEACHER, temperature=2.0),
    )


def test_mean_and_scale_of_the_logits_are_free():
    np.testing.assert_allclose(
        standardized_kl_divergence(30.0 * STUDENT + 7.0, 0.1 * TEACHER - 2.0),
        standardized_kl_divergence(STUDENT, TEACHER),
        rtol=1e-4,
    )


def test_two_classes_teach_nothing():
    student, teacher = np.random.default_rng(2).normal(size=(2, 7, 2))
    np.testing.assert_allclose(gradient(student, teacher), np.zeros((7, 2)), atol=1e-5)
    values = standardized_kl_divergence(student, teacher)
    same = student.argmax(axis=1) == teacher.argmax(axis=1)
    assert len(np.unique(np.round(values, 4))) == 2
    np.testing.assert_allclose(np.asarray(values)[same], 0.0, atol=1e-5)


@pytest.mark.parametrize("level", [0.0, 3.0])
def test_equal_logits_have_no_direction(level):
    found = gradient(np.full((1, 3), level), TEACHER)
    np.testing.assert_array_equal(found, np.zeros((1, 3)))
