"""Layer normalization against NumPy, and its gradient against Keras' own layer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from distill_tf.models.layer_norm import LayerNorm

EPSILON = 1e-5
SHAPE = (5, 7)


def random(seed, shape=SHAPE):
    return np.random.default_rng(seed).normal(1.5, 2, shape).astype("float32")


def build(layer, width=SHAPE[-1]):
    layer.build((None, width))
    layer.gamma.assign(random(1, (width,)))
    layer.beta.assign(random(2, (width,)))
    return layer


def gradients(layer, inputs, upstream):
    inputs = tf.constant(inputs)
    variables = [inputs, layer.gamma.value, layer.beta.value]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs)
    return [g.numpy() for g in tape.gradient(outputs, variables, tf.constant(upstream))]


def test_equals_the_formula():
    layer, inputs = build(LayerNorm(EPSILON)), random(0).astype("float64")
    deviation = np.sqrt(inputs.var(axis=1, keepdims=True) + EPSILON)
    expected = (inputs - inputs.mean(axis=1, keepdims=True)) / deviation
    expected = expected * np.asarray(layer.gamma) + np.asarray(layer.beta)
    np.testing.assert_allclose(layer(random(0)), expected, rtol=0, atol=1e-5)


def test_a_hand_computed_row():
    layer = LayerNorm(0.0)
    layer.build((None, 2))
    np.testing.assert_allclose(layer(np.float32([[1.0, 5.0]])), [[-1.0, 1.0]])


@pytest.mark.parametrize("shape", [SHAPE, (2, 3, 7)])
def test_the_gradient_equals_that_of_automatic_differentiation(shape):
    ours = build(LayerNorm(EPSILON))
    peer = build(keras.layers.LayerNormalization(epsilon=EPSILON))
    inputs, upstream = random(0, shape), random(3, shape)
    for mine, theirs in zip(
        gradients(ours, inputs, upstream),
        gradients(peer, inputs, upstream),
        strict=True,
    ):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)


def test_bfloat16_goes_in_and_out_and_is_computed_in_float32():
    layer = build(LayerNorm(EPSILON, dtype="mixed_bfloat16"))
    exact = build(LayerNorm(EPSILON))
    # Far from zero, where bfloat16's own mean and deviation would be useless.
    inputs = tf.cast(100 + random(0), "bfloat16")
    outputs = layer(inputs)
    assert outputs.dtype == "bfloat16"
    expected = tf.cast(exact(tf.cast(inputs, "float32")), "bfloat16")
    np.testing.assert_array_equal(
        outputs.numpy().astype("float32"), expected.numpy().astype("float32")
    )


def test_weights_have_the_names_that_checkpoints_and_decay_go_by():
    layer = build(LayerNorm(EPSILON))
    assert [weight.name for weight in layer.weights] == ["gamma", "beta"]
