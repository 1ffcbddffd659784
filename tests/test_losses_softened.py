"""Softened logits: cast first, then divided by the temperature."""

from functools import partial

import numpy as np
import pytest
import tensorflow as tf

from distill_tf import losses
from distill_tf.losses.softened import log_probabilities
from distill_tf.losses.softened import paired_logits


def test_logits_are_divided_in_float32():
    student, teacher = paired_logits(np.float16([[3, 1]]), np.float16([[0, 5]]), 3.0)
    assert student.dtype == teacher.dtype == "float32"
    np.testing.assert_allclose(student, [[1.0, 1 / 3]], rtol=1e-6)
    np.testing.assert_allclose(teacher, [[0.0, 5 / 3]], rtol=1e-6)


def test_log_probabilities():
    # [2 ln 3, 0] at T = 2 is [ln 3, 0], that is 3/4 and 1/4.
    logits = np.array([[2 * np.log(3), 0.0]])
    student, teacher = log_probabilities(logits, logits[:, ::-1], 2.0)
    np.testing.assert_allclose(np.exp(student), [[0.75, 0.25]], rtol=1e-6)
    np.testing.assert_allclose(np.exp(teacher), [[0.25, 0.75]], rtol=1e-6)


@pytest.mark.parametrize("function", [paired_logits, log_probabilities])
def test_what_cannot_be_compared_is_refused(function):
    with pytest.raises(ValueError, match="temperature above 0, but got -1"):
        function(np.zeros((3, 2)), np.zeros((3, 2)), -1.0)
    with pytest.raises(ValueError, match="differ in number of classes: give"):
        function(np.zeros((3, 2)), np.zeros((3, 4)), 1.0)


@pytest.mark.parametrize(
    "loss",
    [
        losses.soft_cross_entropy,
        losses.kl_divergence,
        losses.correlation_distance,
        losses.standardized_kl_divergence,
        partial(losses.decoupled_kl_divergence, labels=np.array([2, -1, 0])),
    ],
)
def test_the_temperature_may_change_in_a_graph(loss):
    student, teacher = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("f4")
    traced = tf.function(
        lambda temperature: loss(student, teacher, temperature=temperature),
        input_signature=[tf.TensorSpec((), tf.float32)],
        jit_compile=False,
    )
    for temperature in (1.0, 3.0):
        np.testing.assert_allclose(
            traced(temperature),
            loss(student, teacher, temperature=temperature),
            rtol=1e-5,
        )
