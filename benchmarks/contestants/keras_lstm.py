"""Keras' LSTM layer, and TensorFlow's kernel of a whole LSTM."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from batches import SEED
from settings import Settings

from contestants.tensorflow_lstm import layer_passes
from contestants.tensorflow_lstm import step_passes
from distill_tf.models.time_major import at_last_step
from distill_tf.models.time_major import reverse_valid_steps


def layer(
    settings: Settings, precision: str, unroll: bool = False
) -> dict[str, Callable[[int], None]]:
    lstm = _bidirectional(settings.lstm_width, precision, unroll)
    lstm.build((None, settings.lstm_length, settings.lstm_width))
    return layer_passes(
        lambda vectors, mask, lengths: lstm(vectors, mask=mask, training=True),
        [weight.value for weight in lstm.weights],
        settings,
    )


def kernel(settings: Settings) -> dict[str, Callable[[int], None]]:
    """BlockLSTMV2, float32 alone."""
    width = settings.lstm_width
    generator = np.random.default_rng(SEED)
    weights = [
        tf.Variable(generator.normal(0, 0.05, shape).astype(np.float32))
        for shape in [(2 * width, 4 * width), (4 * width,)] * 2
    ]
    none = tf.zeros((width,))

    def last_states(x, weight, bias, lengths):
        zeros = tf.zeros((tf.shape(x)[1], width))
        states = tf.raw_ops.BlockLSTMV2(
            seq_len_max=tf.cast(tf.shape(x)[0], tf.int64),
            x=x,
            cs_prev=zeros,
            h_prev=zeros,
            w=weight,
            wci=none,
            wcf=none,
            wco=none,
            b=bias,
        )
        return at_last_step(states.h, lengths)

    def both_directions(x, mask, lengths):
        forward = last_states(x, *weights[:2], lengths)
        backward = last_states(reverse_valid_steps(x, lengths), *weights[2:], lengths)
        return tf.concat([forward, backward], axis=-1)

    return layer_passes(both_directions, weights, settings, time_major=True)


def step(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    """The student's network of Keras' layers."""
    width, layers = settings.lstm_width, keras.layers
    model = keras.Sequential(
        [
            layers.Embedding(
                settings.vocab_size, width, mask_zero=True, dtype=precision
            ),
            _bidirectional(width, precision),
            layers.Dense(width, activation="relu", dtype=precision),
            layers.Dense(2, dtype=precision),
            layers.Activation("linear", dtype="float32"),
        ]
    )
    optimizer = keras.optimizers.AdamW(1e-3, weight_decay=0.01, global_clipnorm=1.0)
    return step_passes(model, "token_ids", settings, optimizer)


def _bidirectional(width: int, precision: str, unroll: bool = False):
    lstm = keras.layers.LSTM(width, unroll=unroll, dtype=precision)
    return keras.layers.Bidirectional(lstm, dtype=precision)
