"""DIST: hand-computed numbers, what it does not see, and two classes."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.losses.correlation import correlation_distance

# Probabilities [1/4, 1/2, 1/4] and [1/2, 1/4, 1/4]
STUDENT = np.log([[1.0, 2.0, 1.0], [2.0, 1.0, 1.0]])
TEACHER = STUDENT[::-1]


def gradient(student, teacher, **options):
    student = tf.constant(student, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(student)
        total = tf.reduce_sum(correlation_distance(student, teacher, **options))
    return tape.gradient(total, student).numpy()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # (-1, 2, -1) / 12 and (2, -1, -1) / 12: r = -3 / 6
        ({"gamma": 0.0}, 1.5),
        # Two classes change places, r = -1; the third has no spread: (2 + 2 + 1) / 3
        ({"beta": 0.0}, 5 / 3),
        ({"beta": 2.0, "gamma": 3.0}, 8.0),
    ],
    ids=str,
)
def test_hand_computed(options, expected):
    values = correlation_distance(STUDENT, TEACHER, **options)
    np.testing.assert_allclose(values, [expected, expected], rtol=1e-5)


def test_two_classes_leave_the_correlation_across_the_batch():
    student, teacher = np.random.default_rng(1).normal(size=(2, 7, 2))
    across_classes = gradient(student, teacher, gamma=0.0)
    np.testing.assert_allclose(across_classes, np.zeros((7, 2)), atol=1e-5)
    across_batch = gradient(student, teacher, beta=0.0)
    assert np.abs(across_batch).max() > 0.01
    # Each example's value is 0 or 2: the same class, or the other one.
    values = correlation_distance(student, teacher, gamma=0.0)
    same = student.argmax(axis=1) == teacher.argmax(axis=1)
    assert same.any() and not same.all()
    np.testing.assert_allclose(values, np.where(same, 0.0, 2.0), atol=1e-5)


def test_a_batch_of_one_leaves_the_correlation_across_the_classes():
    values = correlation_distance(STUDENT[:1], TEACHER[:1])
    np.testing.assert_allclose(values, [1.5 + 1.0], rtol=1e-5)
    np.testing.assert_allclose(
        gradient(STUDENT[:1], TEACHER[:1]),
        gradient(STUDENT[:1], TEACHER[:1], gamma=0.0),
        atol=1e-6,
    )


def test_an_undecided_student_has_a_finite_gradient():
    assert np.abs(gradient(np.zeros((2, 3)), TEACHER)).max() < 10
