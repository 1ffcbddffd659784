"""Factor distances: hand-computed numbers, scale, and factors of zeros."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.losses.factors import factor_distance
from distill_tf.losses.factors import factor_mse

# Of length 1: [0.6, 0.8] and [1, 0].
STUDENT, TEACHER = np.array([[3.0, 4.0]]), np.array([[7.0, 0.0]])


@pytest.mark.parametrize(
    ("norm", "expected"),
    # |-0.4| + |0.8| and sqrt(0.16 + 0.64)
    [(1, 1.2), (2, 0.894427)],
)
def test_the_papers_distance_hand_computed(norm, expected):
    values = factor_distance(STUDENT, TEACHER, norm)
    np.testing.assert_allclose(values, [expected], rtol=1e-5)


def test_the_sources_distance_hand_computed():
    # (4^2 + 4^2) / 2
    np.testing.assert_allclose(factor_mse(STUDENT, TEACHER), [16.0])


def test_only_the_sources_sees_a_factors_length():
    np.testing.assert_allclose(
        factor_distance(5 * STUDENT, TEACHER), factor_distance(STUDENT, TEACHER)
    )
    assert factor_mse(5 * STUDENT, TEACHER) > factor_mse(STUDENT, TEACHER)


@pytest.mark.parametrize("norm", [1, 2])
def test_a_factor_of_zeros_has_no_direction(norm):
    student = tf.zeros((1, 2))
    with tf.GradientTape() as tape:
        tape.watch(student)
        values = factor_distance(student, TEACHER, norm)
    np.testing.assert_allclose(values, [1.0])
    np.testing.assert_array_equal(tape.gradient(values, student), np.zeros((1, 2)))


@pytest.mark.parametrize("loss", [factor_distance, factor_mse])
def test_another_size_is_refused(loss):
    with pytest.raises(ValueError, match=r"\(3, 5\).*\(3, 4\).*factor size: give"):
        loss(np.zeros((3, 5)), np.zeros((3, 4)))


def test_another_norm_is_refused():
    with pytest.raises(ValueError, match="norm of 1 or 2, but got 3"):
        factor_distance(STUDENT, TEACHER, 3)
