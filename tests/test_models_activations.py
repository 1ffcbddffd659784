"""The activation functions, with automatic differentiation or their own."""

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
    expected = reference.numerical_gradient(FORMULAS[name], points)
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
