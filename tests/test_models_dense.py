"""The linear layer: equal to Keras' own, with an exact bias gradient."""

import keras
import numpy as np
import tensorflow as tf

from distill_tf.models.dense import Dense

ROWS, WIDTH, UNITS = 11, 5, 3


def random(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def build(layer):
    layer.build((None, WIDTH))
    layer.set_weights([random(1, WIDTH, UNITS), random(2, UNITS)])
    return layer


def run(layer, inputs, upstream):
    """Outputs, and the gradients of inputs and weights."""
    inputs = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=True)
    sources = [inputs, layer.kernel.value, layer.bias.value]
    return [outputs, *tape.gradient(outputs, sources, tf.constant(upstream))]


def test_values_and_gradients_equal_those_of_keras():
    arguments = random(3, ROWS, WIDTH), random(4, ROWS, UNITS)
    ours = run(build(Dense(UNITS)), *arguments)
    theirs = run(build(keras.layers.Dense(UNITS)), *arguments)
    for mine, peer in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, peer, rtol=1e-5, atol=1e-5)


def test_the_bias_gradient_in_bfloat16_is_a_float32_sum():
    """In bfloat16 a running sum of ones stops at 256."""
    layer = build(Dense(UNITS, dtype="mixed_bfloat16"))
    rows = 1024
    upstream = tf.ones((rows, UNITS), "bfloat16")
    *_, of_bias = run(layer, random(5, rows, WIDTH), upstream)
    np.testing.assert_array_equal(of_bias, np.full(UNITS, rows, "float32"))


def test_a_layer_made_of_its_configuration_has_its_activation():
    layer = Dense(UNITS, "gelu_tanh", name="one")
    copy = Dense.from_config(layer.get_config())
    found, expected = (build(each)(random(3, ROWS, WIDTH)) for each in (copy, layer))
    np.testing.assert_array_equal(found, expected)
    assert np.min(expected) > -0.2
