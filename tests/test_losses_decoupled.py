"""Decoupled divergence: a hand-computed number, its parts, and two classes."""

import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf.losses.decoupled import decoupled_kl_divergence
from distill_tf.losses.logits import kl_divergence

# softmax gives [4/8, 3/8, 1/8] and three thirds.
TEACHER = np.log([[4.0, 3.0, 1.0]])
EVEN = np.zeros((1, 3))
STUDENTS, TEACHERS = np.random.default_rng(0).normal(size=(2, 5, 4))
LABELS = np.array([3, 0, -1, 1, -1], np.int32)


def value_and_gradient(student, teacher, labels, **options):
    student = tf.constant(student, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(student)
        values = decoupled_kl_divergence(student, teacher, labels, **options)
    return values.numpy(), tape.gradient(values, student).numpy()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # 1/2 ln(3/2) + 1/2 ln(3/4)
        ({"alpha": 1.0, "beta": 0.0}, 0.058892),
        # Beside the first class 3/4 and 1/4 against 1/2 and 1/2:
        # 3/4 ln(3/2) + 1/4 ln(1/2)
        ({"alpha": 0.0, "beta": 1.0}, 0.130812),
        ({"alpha": 2.0, "beta": 3.0}, 0.510219),
    ],
    ids=str,
)
def test_hand_computed(options, expected):
    values = decoupled_kl_divergence(EVEN, TEACHER, np.array([0]), **options)
    np.testing.assert_allclose(values, [expected], rtol=1e-4)


def test_divergence_is_the_same_sum_with_the_teachers_doubt_as_weight():
    labels = np.array([3, 0, 2, 1, 1], np.int32)
    parts = [
        decoupled_kl_divergence(STUDENTS, TEACHERS, labels, 1.0, alpha, 1 - alpha)
        for alpha in (1.0, 0.0)
    ]
    probabilities = np.array([reference.softmax(row) for row in TEACHERS])
    doubt = 1 - probabilities[np.arange(5), labels]
    np.testing.assert_allclose(
        parts[0] + doubt * parts[1], kl_divergence(STUDENTS, TEACHERS), rtol=1e-5
    )


def test_without_a_label_the_teachers_choice_is_the_target():
    chosen = np.where(LABELS >= 0, LABELS, TEACHERS.argmax(axis=1))
    np.testing.assert_array_equal(
        decoupled_kl_divergence(STUDENTS, TEACHERS, LABELS),
        decoupled_kl_divergence(STUDENTS, TEACHERS, chosen),
    )
    other = (TEACHERS.argmax(axis=1) + 1) % 4
    differs = decoupled_kl_divergence(STUDENTS, TEACHERS, other)
    assert not np.allclose(
        differs[2], decoupled_kl_divergence(STUDENTS, TEACHERS, LABELS)[2]
    )


@pytest.mark.parametrize("beta", [0.0, 8.0])
def test_two_classes_leave_alpha_times_the_divergence(beta):
    student, teacher = STUDENTS[:, :2], TEACHERS[:, :2]
    labels = np.array([0, 1, -1, 1, 0], np.int32)
    options = {"temperature": 3.0, "alpha": 0.5, "beta": beta}
    values, gradient = value_and_gradient(student, teacher, labels, **options)
    student = tf.constant(student, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(student)
        expected = 0.5 * kl_divergence(student, teacher, 3.0)
    np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        gradient, tape.gradient(expected, student), rtol=1e-4, atol=1e-6
    )


def test_a_third_class_adds_what_is_left_beside_the_target():
    labels = np.zeros(5, np.int32)
    _, gradient = value_and_gradient(
        STUDENTS[:, :3], TEACHERS[:, :3], labels, alpha=0.0
    )
    assert (np.abs(gradient[:, 1:]).max(axis=1) > 0.01).all()
    np.testing.assert_allclose(gradient[:, 0], np.zeros(5), atol=1e-7)


def test_extreme_logits_stay_finite():
    student, teacher = (
        np.array([[200.0, -200.0, 0.0]]),
        np.array([[-200.0, 200.0, 0.0]]),
    )
    values, gradient = value_and_gradient(student, teacher, np.array([1]))
    # Target: the student's log p is -400. Others: q = [0, 1] against log q = -200.
    np.testing.assert_allclose(values, [400.0 + 8 * 200.0])
    assert np.isfinite(gradient).all()


def test_a_column_of_labels_is_refused():
    with pytest.raises(ValueError, match=r"labels of shape \(batch,\).*\(5, 1\)"):
        decoupled_kl_divergence(STUDENTS, TEACHERS, LABELS[:, None])
