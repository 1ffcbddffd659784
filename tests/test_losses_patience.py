"""PKD's patience: hand-computed numbers, and what it looks at."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.losses.patience import patience_mse

MASK = np.array([[1, 1, 0]])
# Directions (3/5, 4/5) and (1, 0); what comes after the first token is not read.
STUDENT = np.array([[[3.0, 4.0], [9.0, 9.0], [9.0, 9.0]]])
TEACHER = np.array([[[2.0, 0.0], [1.0, 7.0], [0.0, 0.0]]])


@pytest.mark.parametrize(
    ("normalized", "expected"),
    [
        # ((3/5 - 1)^2 + (4/5)^2) / 2
        (True, 0.4),
        # ((3 - 2)^2 + 4^2) / 2
        (False, 8.5),
    ],
)
def test_hand_computed(normalized, expected):
    values = patience_mse(STUDENT, TEACHER, MASK, normalized=normalized)
    np.testing.assert_allclose(values, [expected], rtol=1e-6)


def test_normalized_it_sees_no_lengths():
    values = patience_mse(STUDENT * 5.0, TEACHER * 0.1, MASK)
    np.testing.assert_allclose(values, [0.4], rtol=1e-6)


def test_a_vector_of_zeros_has_a_finite_gradient():
    student = tf.zeros([1, 3, 2])
    with tf.GradientTape() as tape:
        tape.watch(student)
        values = patience_mse(student, TEACHER, MASK)
    np.testing.assert_allclose(values, [0.5])
    assert np.isfinite(tape.gradient(values, student)).all()


def test_another_width_is_refused():
    with pytest.raises(ValueError, match=r"differ in width: project"):
        patience_mse(np.zeros((3, 7, 4)), np.zeros((3, 7, 8)), np.ones((3, 7)))
