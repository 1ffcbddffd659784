"""The activation functions, and the gradient that is written out."""

import math

import keras
import numpy as np
import pytest
import reference
import tensorflow as tf
from scipy.special import erf

from distill_tf.models.activations import ACTIVATIONS
from distill_tf.models.activations import activation
from distill_tf.models.activations import gelu_tanh
from distill_tf.models.trained_gelu import trained_gelu_tanh

POINTS = np.concatenate([np.linspace(-6, 6, 121), [-30.0, 30.0]])
# 300 squared is beyond float16.
LARGE = np.array([-300.0, 300.0])


def _gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


FORMULAS = {
    "gelu_tanh": _gelu_tanh,
    "gelu_erf": lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2))),
    "relu": lambda x: np.maximum(x, 0),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "tanh": np.tanh,
}


def _value_and_gradient(function, points, dtype, upstream=1.0):
    x = tf.constant(points, dtype)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    gradient = tape.gradient(y, x, tf.fill(x.shape, tf.cast(upstream, dtype)))
    assert y.dtype == gradient.dtype == dtype
    return tf.cast(y, "float64").numpy(), tf.cast(gradient, "float64").numpy()


def test_every_activation_has_its_formula_here():
    assert ACTIVATIONS.keys() == FORMULAS.keys()


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", FORMULAS)
def test_value_and_gradient(name, training):
    points = POINTS[POINTS != 0]  # relu has no derivative there
    function = activation(name, training)
    value, gradient = _value_and_gradient(function, points, tf.float32)
    np.testing.assert_allclose(value, FORMULAS[name](points), rtol=1e-5, atol=1e-6)
    expected = reference.numerical_derivative(FORMULAS[name], points)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-5)


def test_training_has_its_own_tanh_gelu():
    assert activation("gelu_tanh", training=True) is trained_gelu_tanh
    assert activation("gelu_tanh", training=False) is gelu_tanh


@pytest.mark.parametrize("function", [gelu_tanh, trained_gelu_tanh])
def test_the_tanh_gelu_is_kerass_and_two_hand_numbers(function):
    x = tf.constant(POINTS, tf.float32)
    expected = keras.activations.gelu(x, approximate=True)
    np.testing.assert_allclose(function(x), expected, rtol=1e-5, atol=1e-6)
    # tanh(0.7978846 * 1.044715) = 0.6823838
    hand = function(tf.constant([1.0, 0.0]))
    np.testing.assert_allclose(hand, [0.8411919, 0.0], rtol=1e-6)


def test_the_tanh_gelu_in_bfloat16():
    rounded = tf.cast(tf.constant(POINTS, tf.bfloat16), "float64").numpy()
    value = tf.cast(gelu_tanh(tf.constant(POINTS, tf.bfloat16)), "float64")
    # A bfloat16 has 8 significant bits; 1 + tanh loses them all where it is near 0.
    np.testing.assert_allclose(value, _gelu_tanh(rounded), rtol=0.02, atol=0.02)


@pytest.fixture(params=[1, 5], ids=["narrow", "wide"])
def points(request):
    """The tanh GELU for training is compiled from a width of 512 on."""
    return np.tile(POINTS, (3, request.param))


def test_the_trained_tanh_gelu_and_its_written_gradient(points):
    value, gradient = _value_and_gradient(trained_gelu_tanh, points, tf.float32)
    np.testing.assert_allclose(value, _gelu_tanh(points), rtol=1e-5, atol=1e-6)
    expected = reference.numerical_derivative(_gelu_tanh, points)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-5)


def test_the_written_gradient_multiplies_by_the_upstream_one(points):
    _, once = _value_and_gradient(trained_gelu_tanh, points, tf.float32)
    _, scaled = _value_and_gradient(trained_gelu_tanh, points, tf.float32, -3.0)
    np.testing.assert_allclose(scaled, -3 * once, rtol=1e-6)


@pytest.mark.parametrize("dtype", [tf.bfloat16, tf.float16], ids=lambda d: d.name)
def test_the_trained_tanh_gelu_rounds_only_its_result(points, dtype):
    points = np.concatenate([points, np.resize(LARGE, points.shape)])
    rounded = tf.cast(tf.constant(points, dtype), "float64").numpy()
    value, gradient = _value_and_gradient(trained_gelu_tanh, points, dtype)
    half_a_digit = {"rtol": 2.0**-8, "atol": 1e-6}
    np.testing.assert_allclose(value, _gelu_tanh(rounded), **half_a_digit)
    expected = reference.numerical_derivative(_gelu_tanh, rounded)
    np.testing.assert_allclose(gradient, expected, **half_a_digit)


def test_the_written_gradient_in_a_graph_for_any_number_of_rows(points):
    @tf.function(input_signature=[tf.TensorSpec((None, points.shape[1]))])
    def gradients(x):
        return tf.gradients(trained_gelu_tanh(x), x)[0]

    for rows in (2, 3):
        expected = reference.numerical_derivative(_gelu_tanh, points[:rows])
        found = gradients(tf.constant(points[:rows], tf.float32))
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_only_a_wide_tanh_gelu_is_compiled():
    def compiled(width):
        step = tf.function(trained_gelu_tanh).get_concrete_function(
            tf.TensorSpec((None, width))
        )
        return "_XlaMustCompile" in str(step.graph.as_graph_def())

    assert compiled(512)
    assert not compiled(511)


def test_the_written_gradient_in_a_branch(points):
    """As a module of Theseus that is drawn."""

    @tf.function(autograph=False)
    def gradient(x, is_drawn):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.cond(is_drawn, lambda: trained_gelu_tanh(2 * x), lambda: x)
        return tape.gradient(y, x)

    x = tf.constant(points, tf.float32)
    drawn = 2 * reference.numerical_derivative(_gelu_tanh, 2 * points)
    np.testing.assert_allclose(
        gradient(x, tf.constant(True)), drawn, rtol=1e-5, atol=1e-5
    )
    np.testing.assert_array_equal(gradient(x, tf.constant(False)), np.ones_like(points))


def test_the_written_gradient_in_a_compiled_step(points):
    @tf.function(jit_compile=True)
    def gradients(x):
        return tf.gradients(trained_gelu_tanh(x), x)[0]

    expected = reference.numerical_derivative(_gelu_tanh, points)
    found = gradients(tf.constant(points, tf.float32))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_the_trained_tanh_gelu_of_an_unknown_shape(points):
    traced = tf.function(
        trained_gelu_tanh, input_signature=[tf.TensorSpec(None, tf.float32)]
    )
    found = traced(tf.constant(points, tf.float32))
    np.testing.assert_allclose(found, _gelu_tanh(points), rtol=1e-5, atol=1e-6)
