"""Similarity-preserving loss: a hand-computed number and what it does not see."""

import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf.losses.similarity import similarity_distance

BATCH = 5


def features(seed, width):
    return np.random.default_rng(seed).normal(size=(BATCH, width)).astype(np.float32)


def test_hand_computed():
    # Rows of the Gram matrices: [1, 0], [0, 1] and twice [1/sqrt 2, 1/sqrt 2].
    # ((1 - 1/sqrt 2)^2 + 1/2) / 2 = 1 - 1/sqrt 2
    values = similarity_distance(np.eye(2), np.array([[3.0], [3.0]]))
    np.testing.assert_allclose(values, [0.292893, 0.292893], rtol=1e-5)


def test_widths_may_differ():
    student, teacher = features(0, 3), features(1, 7)
    values = similarity_distance(student, teacher)
    expected = reference.similarity_distance(student, teacher)
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_the_mean_is_the_papers_loss():
    student, teacher = features(2, 3), features(3, 4)
    grams = [rows @ rows.T for rows in (student, teacher)]
    grams = [gram / np.linalg.norm(gram, axis=1, keepdims=True) for gram in grams]
    mean = np.mean(similarity_distance(student, teacher))
    expected = np.linalg.norm(grams[0] - grams[1]) ** 2 / BATCH**2
    assert mean == pytest.approx(expected, rel=1e-5)


def test_scale_and_rotation_of_the_features_do_not_matter():
    student, teacher = features(4, 3), features(5, 3)
    rotation, _ = np.linalg.qr(features(6, 5)[:3, :3])
    np.testing.assert_allclose(
        similarity_distance(1e3 * student @ rotation, teacher),
        similarity_distance(student, teacher),
        rtol=1e-4,
    )


def value_and_gradient(student, teacher):
    student = tf.constant(student)
    with tf.GradientTape() as tape:
        tape.watch(student)
        values = similarity_distance(student, teacher)
    return values.numpy(), tape.gradient(values, student).numpy()


def test_a_batch_of_one_teaches_nothing():
    values, gradient = value_and_gradient(features(7, 3)[:1], features(8, 4)[:1])
    np.testing.assert_allclose(values, [0.0], atol=1e-7)
    np.testing.assert_allclose(gradient, np.zeros((1, 3)), atol=1e-6)


def test_features_of_zeros_are_like_nothing():
    student = features(9, 3)
    student[1] = 0
    teacher = features(10, 4)
    values, gradient = value_and_gradient(student, teacher)
    # Nothing on the student's side is left of the row, only the teacher's length 1.
    assert values[1] == pytest.approx(1 / BATCH, rel=1e-5)
    assert np.isfinite(gradient).all() and np.abs(gradient).max() < 10


@pytest.mark.parametrize("shape", [(4, 3), (5, 3, 2)])
def test_another_batch_is_refused(shape):
    with pytest.raises(
        ValueError, match=r"features of shape \(batch, width\).*\(5, 3\)"
    ):
        similarity_distance(features(11, 3), np.zeros(shape))
