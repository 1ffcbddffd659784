"""GELU with its gradient written out, step by step and, where wide, in one pass."""

import math

import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf.models.trained_gelu import trained_gelu_tanh

POINTS = np.concatenate([np.linspace(-6, 6, 121), [-30.0, 30.0]])
# 300 squared is beyond float16.
LARGE = np.array([-300.0, 300.0])


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@pytest.fixture(params=[1, 5], ids=["narrow", "wide"])
def points(request):
    """Compiled from a width of 512 on."""
    return np.tile(POINTS, (3, request.param))


def value_and_gradient(points, dtype, upstream=1.0):
    x = tf.constant(points, dtype)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = trained_gelu_tanh(x)
    gradient = tape.gradient(y, x, tf.fill(x.shape, tf.cast(upstream, dtype)))
    assert y.dtype == gradient.dtype == dtype
    return tf.cast(y, "float64").numpy(), tf.cast(gradient, "float64").numpy()


def test_value_and_gradient(points):
    value, gradient = value_and_gradient(points, tf.float32)
    np.testing.assert_allclose(value, gelu_tanh(points), rtol=1e-5, atol=1e-6)
    expected = reference.numerical_gradient(gelu_tanh, points)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-5)


def test_the_gradient_is_multiplied_by_the_upstream_one(points):
    _, once = value_and_gradient(points, tf.float32)
    _, scaled = value_and_gradient(points, tf.float32, -3.0)
    np.testing.assert_allclose(scaled, -3 * once, rtol=1e-6)


@pytest.mark.parametrize("dtype", [tf.bfloat16, tf.float16], ids=lambda d: d.name)
def test_only_the_result_is_rounded(points, dtype):
    points = np.concatenate([points, np.resize(LARGE, points.shape)])
    rounded = tf.cast(tf.constant(points, dtype), "float64").numpy()
    value, gradient = value_and_gradient(points, dtype)
    # XLA takes the sigmoid of a tanh, so that a tail has no more than float32's digits.
    half_a_digit = {"rtol": 2.0**-8, "atol": 3e-6}
    np.testing.assert_allclose(value, gelu_tanh(rounded), **half_a_digit)
    expected = reference.numerical_gradient(gelu_tanh, rounded)
    np.testing.assert_allclose(gradient, expected, **half_a_digit)


def test_a_graph_for_any_number_of_rows(points):
    @tf.function(input_signature=[tf.TensorSpec((None, points.shape[1]))])
    def gradients(x):
        return tf.gradients(trained_gelu_tanh(x), x)[0]

    for rows in (2, 3):
        expected = reference.numerical_gradient(gelu_tanh, points[:rows])
        found = gradients(tf.constant(points[:rows], tf.float32))
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_only_what_is_wide_is_compiled():
    def compiled(width):
        step = tf.function(trained_gelu_tanh).get_concrete_function(
            tf.TensorSpec((None, width))
        )
        return "_XlaMustCompile" in str(step.graph.as_graph_def())

    assert compiled(512)
    assert not compiled(511)


def test_in_a_branch(points):
    """As a module of Theseus that is drawn."""

    @tf.function(autograph=False)
    def gradient(x, is_drawn):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.cond(is_drawn, lambda: trained_gelu_tanh(2 * x), lambda: x)
        return tape.gradient(y, x)

    x = tf.constant(points, tf.float32)
    drawn = 2 * reference.numerical_gradient(gelu_tanh, 2 * points)
    np.testing.assert_allclose(
        gradient(x, tf.constant(True)), drawn, rtol=1e-5, atol=1e-5
    )
    np.testing.assert_array_equal(gradient(x, tf.constant(False)), np.ones_like(points))
