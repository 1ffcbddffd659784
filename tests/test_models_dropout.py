"""Dropout: how much it drops, what stays, and that its seed decides."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from distill_tf.models.dropout import Dropout

SHAPE = (301, 333)  # An odd number of units.


def test_drops_the_rate_and_keeps_the_mean():
    outputs = np.asarray(Dropout(0.1, seed=1)(tf.ones(SHAPE), training=True))
    units = np.prod(SHAPE)
    deviation = np.sqrt(0.1 * 0.9 / units)
    assert abs((outputs == 0).mean() - 0.1) < 5 * deviation
    assert abs(outputs.mean() - 1) < 5 * deviation / 0.9


def test_kept_units_are_scaled_by_the_rounded_rate():
    outputs = np.asarray(Dropout(0.1, seed=1)(tf.ones(SHAPE), training=True))
    kept = 65536 / (65536 - 6554)  # 0.1 x 65536 = 6553.6
    assert set(np.unique(outputs)) == {np.float32(0), np.float32(kept)}


def test_neighbouring_units_are_independent():
    """Two units share one 32-bit draw."""
    dropped = np.asarray(Dropout(0.5, seed=2)(tf.ones((1, 40_000)), training=True)) == 0
    both = (dropped[0, ::2] & dropped[0, 1::2]).mean()
    assert abs(both - 0.25) < 0.02


def test_the_gradient_passes_where_units_are_kept():
    inputs = tf.constant(np.random.default_rng(0).normal(size=(5, 7)))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = Dropout(0.4, seed=3, dtype="float64")(inputs, training=True)
    np.testing.assert_allclose(tape.gradient(outputs, inputs), outputs / inputs)


def test_the_seed_decides_and_every_call_differs():
    first, second = Dropout(0.5, seed=4), Dropout(0.5, seed=4)
    draws = [np.asarray(first(tf.ones((3, 50)), training=True)) for _ in range(2)]
    again = [np.asarray(second(tf.ones((3, 50)), training=True)) for _ in range(2)]
    np.testing.assert_array_equal(draws, again)
    assert (draws[0] != draws[1]).any()


@pytest.mark.parametrize(("rate", "training"), [(0.5, False), (0.0, True)])
def test_does_nothing_outside_of_training_or_at_rate_0(rate, training):
    inputs = keras.ops.ones((3, 5))
    assert Dropout(rate)(inputs, training=training) is inputs


def test_keeps_bfloat16():
    layer = Dropout(0.1, dtype="mixed_bfloat16")
    assert layer(tf.ones((3, 5)), training=True).dtype == "bfloat16"
