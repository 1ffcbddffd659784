"""Tiny models and data sets for the tests of training."""

from dataclasses import replace

import keras
import numpy as np
from tiny_bert import CONFIG

from distill_tf.data.batches import TrainingBatches
from distill_tf.models.classifier import BertClassifier
from distill_tf.text import EncodedTexts

CLASSES = 3
# Weights large enough for every part to show in the outputs.
STUDENT = replace(CONFIG, hidden_size=6, intermediate_size=10, initializer_range=0.5)
TEACHER = replace(CONFIG, num_hidden_layers=3, initializer_range=0.4)


def make_classifier(config, num_classes=CLASSES, seed=0, **options) -> BertClassifier:
    keras.utils.set_random_seed(seed)
    model = BertClassifier(config, num_classes, **options)
    generator = np.random.default_rng(seed)
    for weight in model.weights:
        if weight.name in ("bias", "beta", "gamma"):
            noise = generator.normal(scale=0.1, size=weight.shape)
            weight.assign(weight.numpy() + noise)
    return model


def make_encoded(lengths, seed=0, vocab_size=CONFIG.vocab_size) -> EncodedTexts:
    """Random rows of the given lengths, [PAD] being 0."""
    generator = np.random.default_rng(seed)
    splits = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return EncodedTexts(
        token_ids=generator.integers(5, vocab_size, splits[-1]).astype(np.int32),
        segment_ids=generator.integers(0, 2, splits[-1]).astype(np.uint8),
        row_splits=splits,
        pad_id=0,
        num_truncated=0,
    )


def make_batches(
    labels, batch_size=4, seed=3, teacher_lengths=None, vocab_size=CONFIG.vocab_size
) -> TrainingBatches:
    """Random texts; the teacher's, if it has its own, are longer by so many tokens."""
    lengths = np.random.default_rng(seed).integers(3, 12, len(labels))
    teacher = None
    if teacher_lengths is not None:
        teacher = make_encoded(lengths + teacher_lengths, seed=seed + 1)
    return TrainingBatches(
        make_encoded(lengths, seed, vocab_size),
        np.asarray(labels),
        batch_size,
        seed,
        teacher,
    )


def make_inputs(lengths=(7, 3, 5), width=7, seed=1) -> dict[str, np.ndarray]:
    """One padded batch."""
    return make_encoded(lengths, seed).pad(np.arange(len(lengths)), width)


def weights_by_path(model) -> dict[str, np.ndarray]:
    return {weight.path: weight.numpy() for weight in model.weights}


def to_numpy(structure):
    return keras.tree.map_structure(np.asarray, structure)
