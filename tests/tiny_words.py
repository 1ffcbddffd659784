"""Tiny students without attention, their inputs, and an LSTM in plain NumPy."""

import keras
import numpy as np

from distill_tf.models.bilstm_classifier import BiLstmClassifier
from distill_tf.models.bilstm_config import BiLstmConfig
from distill_tf.models.static_classifier import StaticClassifier
from distill_tf.models.static_config import StaticConfig

VOCAB_SIZE, EMBEDDING_SIZE, HIDDEN_SIZE, CLASSES = 17, 5, 3, 3
LENGTHS = (7, 1, 4)
NO_DROPOUT = {"embedding_dropout_prob": 0.0, "dropout_prob": 0.0}

BILSTM = BiLstmConfig(
    vocab_size=VOCAB_SIZE,
    embedding_size=EMBEDDING_SIZE,
    initializer_range=0.7,
    hidden_size=HIDDEN_SIZE,
    dense_size=11,
    **NO_DROPOUT,
)
STATIC = StaticConfig(
    vocab_size=VOCAB_SIZE,
    embedding_size=EMBEDDING_SIZE,
    initializer_range=0.7,
    dense_size=11,
    **NO_DROPOUT,
)


def make_model(config, num_classes=CLASSES, seed=0, **options):
    """A classifier of the configuration's kind, no weight of which is 0."""
    keras.utils.set_random_seed(seed)
    kind = BiLstmClassifier if isinstance(config, BiLstmConfig) else StaticClassifier
    return randomize(kind(config, num_classes, **options), seed)


def randomize(layer, seed=0):
    generator = np.random.default_rng(seed)
    for weight in layer.weights:
        noise = generator.normal(scale=0.3, size=weight.shape)
        weight.assign(weight.numpy() + noise)
    return layer


def make_text(lengths=LENGTHS, width=None, seed=1, garbage=0):
    """Random rows; what stands at padding is `garbage`."""
    width = width or max(lengths)
    mask = np.arange(width) < np.array(lengths)[:, None]
    token_ids = np.full(mask.shape, garbage, np.int32)
    generator = np.random.default_rng(seed)
    token_ids[mask] = generator.integers(1, VOCAB_SIZE, mask.sum())
    return {
        "token_ids": token_ids,
        "segment_ids": np.zeros_like(token_ids),
        "padding_mask": mask,
    }


def make_pair(width=None, garbage=0):
    """Two texts a row, of their own lengths."""
    return {
        "first": make_text(width=width, garbage=garbage),
        "second": make_text((2, 5, 3), width=width, seed=2, garbage=garbage),
    }


def make_inputs(config, **options):
    return make_pair(**options) if config.is_pair else make_text(**options)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_states(rows, kernel, recurrent_kernel, bias):
    """States [n, H] of one row of inputs [n, E], step by step."""
    units = len(recurrent_kernel)
    hidden, cell, states = np.zeros(units), np.zeros(units), []
    for row in rows:
        z = row @ kernel + hidden @ recurrent_kernel + bias
        i, f, g, o = (z[k * units : (k + 1) * units] for k in range(4))
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        hidden = sigmoid(o) * np.tanh(cell)
        states.append(hidden)
    return np.array(states).reshape(-1, units)


def bilstm_states(rows, layer):
    """States [n, D] of an `LstmLayer` on one row without padding."""
    sides = []
    for direction in layer.directions:
        weights = [weight.numpy() for weight in direction.weights]
        step = -1 if direction.go_backwards else 1
        sides.append(lstm_states(rows[::step], *weights)[::step])
    return np.concatenate(sides, axis=-1)
