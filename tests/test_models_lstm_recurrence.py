"""The loop over time: states and gradient."""

import numpy as np
import pytest
import tensorflow as tf
from reference import numerical_gradient
from tiny_words import lstm_states

from distill_tf.models.lstm_recurrence import lstm_recurrence

STEPS, BATCH, UNITS = 5, 3, 2


def random(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


PROJECTIONS = random((STEPS, BATCH, 4 * UNITS), 0)
KERNEL = random((UNITS, 4 * UNITS), 1)


def reference(projections, kernel):
    identity, no_bias = np.eye(4 * UNITS), np.zeros(4 * UNITS)
    rows = projections.transpose(1, 0, 2)
    return np.stack([lstm_states(row, identity, kernel, no_bias) for row in rows], 1)


def gradients(function, upstream, dtype=tf.float64):
    arguments = tf.constant(PROJECTIONS, dtype), tf.constant(KERNEL, dtype)
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        states = function(*arguments)
    found = tape.gradient(states, arguments, tf.constant(upstream, dtype))
    return [tf.cast(gradient, tf.float64).numpy() for gradient in found]


def test_states_are_those_of_the_formula():
    states = lstm_recurrence(tf.constant(PROJECTIONS), tf.constant(KERNEL))
    np.testing.assert_allclose(
        states, reference(PROJECTIONS, KERNEL), rtol=0, atol=1e-14
    )


def test_a_hand_computed_step():
    """Only the candidate's and the forget gate's inputs are not 0."""
    projections = tf.constant([[[0.0, 1.0, 2.0, 0.0]]], tf.float64)
    states = lstm_recurrence(projections, tf.zeros((1, 4), tf.float64))
    assert states.numpy().item() == pytest.approx(0.5 * np.tanh(0.5 * np.tanh(2.0)))


@pytest.mark.parametrize("wrap", [lambda function: function, tf.function])
def test_the_gradient_is_that_of_finite_differences(wrap):
    upstream = random((STEPS, BATCH, UNITS), 2)
    of_projections, of_kernel = gradients(wrap(lstm_recurrence), upstream)
    for found, expected in (
        (
            of_projections,
            numerical_gradient(lambda x: reference(x, KERNEL) * upstream, PROJECTIONS),
        ),
        (
            of_kernel,
            numerical_gradient(lambda u: reference(PROJECTIONS, u) * upstream, KERNEL),
        ),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def test_bfloat16_computes_its_gates_and_cells_in_float32():
    upstream = random((STEPS, BATCH, UNITS), 2)
    states = lstm_recurrence(
        tf.constant(PROJECTIONS, tf.bfloat16), tf.constant(KERNEL, tf.bfloat16)
    )
    assert states.dtype == tf.bfloat16
    expected = reference(PROJECTIONS, KERNEL)
    np.testing.assert_allclose(tf.cast(states, tf.float64), expected, rtol=0, atol=0.02)
    for found, exact in zip(
        gradients(lstm_recurrence, upstream, tf.bfloat16),
        gradients(lstm_recurrence, upstream),
        strict=True,
    ):
        np.testing.assert_allclose(found, exact, rtol=0.1, atol=0.05)


def test_one_trace_serves_all_lengths_and_batches():
    traces = []

    @tf.function(
        input_signature=[tf.TensorSpec((None, None, 4 * UNITS), tf.float64)],
    )
    def states_and_gradient(projections):
        traces.append(1)
        with tf.GradientTape() as tape:
            tape.watch(projections)
            states = lstm_recurrence(projections, tf.constant(KERNEL))
        return states, tape.gradient(states, projections)

    for steps, batch in ((5, 3), (1, 3), (4, 1)):
        projections = PROJECTIONS[:steps, :batch]
        states, gradient = states_and_gradient(projections)
        np.testing.assert_allclose(
            states, reference(projections, KERNEL), rtol=0, atol=1e-14
        )
        assert gradient.shape == projections.shape
    assert len(traces) == 1
