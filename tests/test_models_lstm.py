"""One LSTM direction: weights, lengths, gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_words import lstm_states
from tiny_words import randomize

from distill_tf.models.lstm import Lstm

LENGTHS = (7, 1, 4)
UNITS, WIDTH = 3, 5
ROWS = np.random.default_rng(3).normal(size=(7, 3, WIDTH))  # Padding is garbage too.
PORTABLE = pytest.mark.parametrize("is_portable", [True, False])
DIRECTIONS = pytest.mark.parametrize("go_backwards", [False, True])


def build(dtype="float64", **options):
    layer = Lstm(UNITS, dtype=dtype, **options)
    layer.build((None, None, WIDTH))
    return randomize(layer)


@DIRECTIONS
@PORTABLE
def test_states_are_those_of_a_loop_over_the_valid_part(go_backwards, is_portable):
    layer = build(go_backwards=go_backwards)
    layer.is_portable = is_portable
    states, last = layer(tf.constant(ROWS), tf.constant(LENGTHS))
    weights = [weight.numpy() for weight in layer.weights]
    step = -1 if go_backwards else 1
    for row, length in enumerate(LENGTHS):
        expected = lstm_states(ROWS[:length, row][::step], *weights)
        np.testing.assert_allclose(
            states[:length, row], expected[::step], rtol=0, atol=1e-14
        )
        np.testing.assert_allclose(last[row], expected[-1], rtol=0, atol=1e-14)


@DIRECTIONS
@PORTABLE
def test_gradients_equal_those_of_keras_with_a_mask(go_backwards, is_portable):
    """Keras' layer carries a row's last state through the padding."""
    ours = build(go_backwards=go_backwards)
    ours.is_portable = is_portable
    theirs = keras.layers.LSTM(
        UNITS, go_backwards=go_backwards, use_cudnn=False, dtype="float64"
    )
    theirs.build((None, None, WIDTH))
    theirs.set_weights(ours.get_weights())
    mask = np.arange(7) < np.array(LENGTHS)[:, None]
    upstream = np.random.default_rng(4).normal(size=(3, UNITS))
    found = []
    for layer, call in (
        (ours, lambda x: ours(x, tf.constant(LENGTHS), training=True)[1]),
        (theirs, lambda x: theirs(tf.transpose(x, (1, 0, 2)), mask=mask)),
    ):
        inputs = tf.constant(ROWS)
        sources = [inputs, *(weight.value for weight in layer.weights)]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            last = call(inputs)
        found.append([last, *tape.gradient(last, sources, tf.constant(upstream))])
    for mine, peer in zip(*found, strict=True):
        np.testing.assert_allclose(mine, peer, rtol=1e-10, atol=1e-12)
    of_inputs = found[0][1].numpy().transpose(1, 0, 2)
    assert not of_inputs[~mask].any()


def test_an_empty_row_ends_in_0():
    _, last = build()(tf.constant(ROWS), tf.constant([0, 7, 2]))
    assert not last.numpy()[0].any()
    assert last.numpy()[1:].all()


@pytest.mark.parametrize("forget_bias", [1.0, 0.0])
def test_the_bias_starts_at_0_but_for_the_forget_gate(forget_bias):
    layer = Lstm(UNITS, forget_bias=forget_bias)
    layer.build((None, None, WIDTH))
    expected = [0.0] * 3 + [forget_bias] * 3 + [0.0] * 6
    np.testing.assert_array_equal(layer.bias, np.float32(expected))


def test_weights_have_the_shapes_that_converters_go_by():
    assert {weight.name: weight.shape for weight in build().weights} == {
        "kernel": (WIDTH, 4 * UNITS),
        "recurrent_kernel": (UNITS, 4 * UNITS),
        "bias": (4 * UNITS,),
    }


def test_bfloat16_is_near_float32():
    exact, rounded = build("float32"), build("mixed_bfloat16")
    rounded.set_weights(exact.get_weights())
    inputs = tf.constant(ROWS, tf.float32)
    states, _ = rounded(inputs, tf.constant(LENGTHS))
    assert states.dtype == "bfloat16"
    expected, _ = exact(inputs, tf.constant(LENGTHS))
    np.testing.assert_allclose(tf.cast(states, "float32"), expected, rtol=0, atol=0.05)
