"""The activation functions and the hand-written gradient."""

import math

import keras
import numpy as np
import pytest
import reference
import tensorflow as tf
from scipy.special import erf

from distill_tf.models.activations import ACTIVATIONS
from distill_tf.models.activations import gelu_tanh

POINTS = np.concatenate([np.linspace(-6, 6, 121), [-30.0, 30.0]])


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


@pytest.mark.parametrize("name", FORMULAS)
def test_value_and_gradient_in_float32(name):
    points = POINTS[POINTS != 0]  # relu has no derivative there
    value, gradient = _value_and_gradient(ACTIVATIONS[name], points, tf.float32)
    np.testing.assert_allclose(value, FORMULAS[name](points), rtol=1e-5, atol=1e-6)
    expected = reference.numerical_gradient(FORMULAS[name], points)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-5)


def test_gelu_tanh_is_kerass_and_two_hand_numbers():
    x = tf.constant(POINTS, tf.float32)
    np.testing.assert_allclose(
        gelu_tanh(x), keras.activations.gelu(x, approximate=True), rtol=1e-5, atol=1e-6
    )
    # tanh(0.7978846 * 1.044715) = 0.6823838
    hand = gelu_tanh(tf.constant([1.0, 0.0]))
    np.testing.assert_allclose(hand, [0.8411919, 0.0], rtol=1e-6)


def test_gelu_tanh_multiplies_by_the_upstream_gradient():
    _, once = _value_and_gradient(gelu_tanh, POINTS, tf.float64)
    _, tripled = _value_and_gradient(gelu_tanh, POINTS, tf.float64, upstream=-3.0)
    np.testing.assert_allclose(tripled, -3 * once)
    expected = reference.numerical_gradient(_gelu_tanh, POINTS)
    np.testing.assert_allclose(once, expected, rtol=1e-7, atol=1e-7)


def test_gelu_tanh_in_bfloat16():
    rounded = tf.cast(tf.constant(POINTS, tf.bfloat16), "float64").numpy()
    value, gradient = _value_and_gradient(gelu_tanh, POINTS, tf.bfloat16)
    # A bfloat16 has 8 significant bits; 1 + tanh loses them all where it is near 0.
    np.testing.assert_allclose(value, _gelu_tanh(rounded), rtol=0.02, atol=0.02)
    expected = reference.numerical_gradient(_gelu_tanh, rounded)
    np.testing.assert_allclose(gradient, expected, rtol=0.03, atol=0.03)


def test_gelu_tanh_inside_a_traced_function():
    traced = tf.function(lambda x: tf.gradients(gelu_tanh(x), x)[0])
    x = tf.constant(POINTS, tf.float32)
    _, eager = _value_and_gradient(gelu_tanh, POINTS, tf.float32)
    np.testing.assert_allclose(traced(x), eager, rtol=0, atol=1e-5)
