"""The contrastive loss, and the distance between two vectors' directions."""

import math

import ml_dtypes
import numpy as np
import pytest
import reference
import reference_towers
import tensorflow as tf

from distill_tf.losses import contrastive_cross_entropy
from distill_tf.losses import vector_cosine_distance

RNG = np.random.default_rng(3)
STUDENT, TEACHER = RNG.normal(size=(2, 3, 5))
LOSSES = [
    (contrastive_cross_entropy, {}),
    (contrastive_cross_entropy, {"temperature": 0.3}),
    (vector_cosine_distance, {}),
]
over_losses = pytest.mark.parametrize(
    ("loss", "options"), LOSSES, ids=lambda value: getattr(value, "__name__", value)
)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@over_losses
def test_equals_the_reference_in_float32_whatever_the_dtype(loss, options, dtype):
    student, teacher = (x.astype(dtype) for x in (STUDENT, TEACHER))
    values = loss(tf.constant(student), tf.constant(teacher), **options)
    assert values.dtype == tf.float32
    expected = getattr(reference_towers, loss.__name__)(
        student.astype(np.float64), teacher.astype(np.float64), **options
    )
    np.testing.assert_allclose(values, expected, rtol=2e-5)


@over_losses
def test_gradient_equals_finite_differences_of_the_reference(loss, options):
    student = tf.constant(STUDENT.astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(student)
        total = tf.reduce_sum(loss(student, TEACHER, **options))
    expected = reference.numerical_gradient(
        lambda x: getattr(reference_towers, loss.__name__)(x, TEACHER, **options),
        STUDENT,
    )
    np.testing.assert_allclose(
        tape.gradient(total, student), expected, rtol=1e-4, atol=1e-5
    )


def test_values_by_hand():
    # Two vectors at a right angle, of any length: cosines 1 and 0.
    vectors = np.float32([[2, 0], [0, 3]])
    assert contrastive_cross_entropy(vectors, vectors).numpy() == pytest.approx(
        [math.log(1 + math.exp(-1))] * 2
    )
    assert contrastive_cross_entropy(vectors, vectors[::-1]).numpy() == pytest.approx(
        [math.log(1 + math.e)] * 2
    )
    assert vector_cosine_distance(vectors, vectors[::-1]).numpy().tolist() == [1, 1]
    assert vector_cosine_distance(vectors, -vectors).numpy().tolist() == [2, 2]


@over_losses
def test_a_vector_of_zeros_has_a_finite_gradient(loss, options):
    student = tf.zeros((3, 5))
    with tf.GradientTape() as tape:
        tape.watch(student)
        total = tf.reduce_sum(loss(student, TEACHER, **options))
    np.testing.assert_array_equal(tape.gradient(total, student), np.zeros((3, 5)))


@over_losses
def test_another_batch_is_refused(loss, options):
    with pytest.raises(ValueError, match="same batch"):
        loss(STUDENT[:2], TEACHER, **options)


def test_other_widths_are_refused():
    with pytest.raises(ValueError, match="differ in width"):
        vector_cosine_distance(STUDENT[:, :2], TEACHER)
