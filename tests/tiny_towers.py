"""Tiny two-tower classifiers, and pairs of texts for them."""

from dataclasses import replace

import keras
import numpy as np
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_training import make_classifier

from distill_tf.data.batches import TrainingBatches
from distill_tf.models.two_tower import TwoTowerClassifier
from distill_tf.models.two_tower_config import TwoTowerConfig
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import build_encoder
from distill_tf.text import encode_all

# Rows of 9 and 11 tokens at most, of texts of 7 and 9.
SIDE_LENGTHS = (9, 11)
CLASSES = 3
BERT = replace(
    CONFIG,
    max_position_embeddings=23,
    initializer_range=0.5,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)
TEXTS_A = ["a b c", "d", "e f g a b c d e f", "b a", "c"]
TEXTS_B = ["a", "b c d e f", "g", "a b c d e f g a b c d", "b c d"]


def make_pair_encoder(layout="towers", lengths=SIDE_LENGTHS, pads_to_max=False):
    settings = TextSettings.of_pairs(layout, True, lengths, pads_to_max)
    return build_encoder(Vocabulary(TOKENS), settings)


def make_pair_batches(labels, pads_to_max=False, teacher_encoder=None):
    """The pairs in batches of 3, for towers and for a bipartite cross-encoder."""
    student = make_pair_encoder("towers", pads_to_max=pads_to_max)
    teacher = teacher_encoder or make_pair_encoder("bipartite", pads_to_max=pads_to_max)
    encoded = [encode_all(reader, TEXTS_A, TEXTS_B) for reader in (student, teacher)]
    return TrainingBatches(encoded[0], labels, 3, seed=1, teacher=encoded[1])


def make_cross_encoder(layers=2, num_classes=CLASSES):
    config = replace(BERT, num_hidden_layers=layers)
    return make_classifier(config, num_classes, seed=2, pooling_strategy="mean")


def make_towers(
    interaction, *, bert=BERT, num_classes=CLASSES, seed=0, dtype="float32", **settings
):
    """A classifier none of whose weights is 0."""
    keras.utils.set_random_seed(seed)
    config = TwoTowerConfig(
        bert=bert,
        interaction=interaction,
        **{"poly_first_m": 4, "colbert_dim": 5, **settings},
    )
    model = TwoTowerClassifier(config, num_classes, dtype=dtype)
    generator = np.random.default_rng(seed)
    for weight in model.weights:
        noise = generator.normal(scale=0.2, size=weight.shape)
        weight.assign(weight.numpy() + noise)
    return model
