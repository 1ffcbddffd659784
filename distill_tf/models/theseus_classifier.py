"""BERT-of-Theseus: a small BERT that learns in the place of a large one's layers."""

from collections.abc import Sequence
from functools import partial

import keras
import tensorflow as tf
from keras import ops

from distill_tf.models.classifier import BertClassifier
from distill_tf.models.frozen_layers import FrozenLayers
from distill_tf.models.replacement import Replacement


class TheseusClassifier(keras.Model):
    """A successor whose layers stand in, at random, for modules of its predecessor.

    Xu et al. (arXiv:2002.02925). In training, each of the successor's M layers is
    drawn by itself, once for the whole batch: with the probability of `replacement` it
    computes, otherwise the predecessor's module computes in its place. What is not
    drawn is not computed, forwards or backwards. Embeddings, pooler and head are the
    successor's. In inference the successor computes alone.

    The predecessor's modules have no dropout, are not trained, and are no part of the
    model that Keras sees; in JetRunner/BERT-of-Theseus they drop out in training.

    Args:
        successor: what is left in the end, with its weights.
        predecessor: for each of its layers the module that it replaces.
        replacement: how probable that is, after so many updates.
        batches_per_update: how many batches make an update.
    """

    draws_for_the_batch = True

    def __init__(
        self,
        successor: BertClassifier,
        predecessor: Sequence[FrozenLayers],
        replacement: Replacement,
        batches_per_update: int = 1,
    ):
        super().__init__(dtype=successor.dtype_policy, name="theseus")
        if len(predecessor) != successor.config.num_hidden_layers:
            raise ValueError(
                f"the predecessor needs a module for each of the successor's "
                f"{successor.config.num_hidden_layers} layers, but has "
                f"{len(predecessor)}"
            )
        self.successor = successor
        self.num_classes = successor.num_classes
        self.replacement = replacement
        self.batches_per_update = batches_per_update
        self._predecessor = tuple(predecessor)
        self._draws = keras.random.SeedGenerator(name="draws")
        # Saved with the weights, so that a schedule goes on where it was.
        self._batches = self.add_weight(
            name="batches",
            shape=(),
            dtype="int32",
            initializer="zeros",
            trainable=False,
        )
        self.built = True

    def call(self, inputs, training=None):
        return self.compute_outputs(inputs, training=training)["logits"]

    def compute_outputs(self, inputs, training=None) -> dict:
        """The outputs of a `BertClassifier` with as many layers as the successor."""
        if not training:
            return self.successor.compute_outputs(inputs, training=False)
        replaced = self._draw()
        layers = [
            partial(self.run_module, replaced[index], layer, module)
            for index, (layer, module) in enumerate(
                zip(
                    self.successor.encoder.transformer_layers,
                    self._predecessor,
                    strict=True,
                )
            )
        ]
        return self.successor.compute_outputs(inputs, training=True, layers=layers)

    def _draw(self):
        """Which of the successor's layers compute on this batch, bool [M]."""
        updates = self._batches.value // self.batches_per_update
        probability = self.replacement(updates)
        self._batches.assign_add(1)
        drawn = keras.random.uniform((len(self._predecessor),), seed=self._draws)
        return drawn < probability

    def run_module(
        self, replaced, successor, predecessor, rows, padding_mask, training=None
    ):
        """Runs one of two modules, whichever is drawn, as a `TransformerLayer`.

        Args:
            replaced: bool, whether the successor's runs.
            successor: a layer.
            predecessor: the layers in whose place it stands.
            rows: hidden states [B * L, H].
            padding_mask: [B, L].
            training: for the successor's dropout.
        """

        def inside(function, **options):
            # The gradient of a branch fails on the shape of a tensor from outside it.
            return lambda: function(tf.identity(rows), padding_mask, **options)

        return ops.cond(
            replaced, inside(successor, training=training), inside(predecessor)
        )
