"""Theseus' first stage: what is drawn, both branches, and the successor alone."""

import dataclasses
from collections.abc import Callable

import keras
from bert_base_cases import fixed_length
from settings import Settings

from contestants.distill_tf_training import classifier
from contestants.distill_tf_training import prepare
from contestants.distill_tf_training import single_texts
from contestants.distill_tf_training import training
from distill_tf.config import FineTuneConfig
from distill_tf.methods import labels_only
from distill_tf.models.classifier import BertClassifier
from distill_tf.models.frozen_layers import FrozenLayers
from distill_tf.models.replacement import Replacement
from distill_tf.models.theseus_classifier import TheseusClassifier
from distill_tf.precision import without_training

_REPLACED = 0.5  # The probability.


class BothBranches(TheseusClassifier):
    """Computes both modules and takes the drawn one's result.

    As Oneflow-Inc/Oneflow-Model-Compression does.
    """

    def run_module(
        self, replaced, successor, predecessor, rows, padding_mask, training=None
    ):
        new, insides = successor(rows, padding_mask, training=training)
        old, _ = predecessor(rows, padding_mask)
        return keras.ops.where(replaced, new, old), insides


def what_is_drawn(
    settings: Settings, precision: str
) -> dict[str, Callable[[int], None]]:
    return _replacing(TheseusClassifier, settings, precision)


def both_branches(
    settings: Settings, precision: str
) -> dict[str, Callable[[int], None]]:
    return _replacing(BothBranches, settings, precision)


def successor_alone(
    settings: Settings, precision: str
) -> dict[str, Callable[[int], None]]:
    return _training(_successor(settings, precision), settings, precision)


def _replacing(kind: type[TheseusClassifier], settings: Settings, precision: str):
    ratio = settings.theseus_ratio
    predecessor = classifier(settings.base, settings, without_training(precision))
    layers = predecessor.encoder.transformer_layers
    modules = [
        FrozenLayers(layers[i : i + ratio]) for i in range(0, len(layers), ratio)
    ]
    model = kind(_successor(settings, precision), modules, Replacement(start=_REPLACED))
    return _training(model, settings, precision)


def _successor(settings: Settings, precision: str) -> BertClassifier:
    """Its layers alone are trained, which is the pipeline's default."""
    layers = settings.base.num_hidden_layers // settings.theseus_ratio
    sizes = dataclasses.replace(settings.base, num_hidden_layers=layers)
    model = classifier(sizes, settings, precision)
    for part in (model.encoder.embeddings, model.encoder.pooler, model.output_dense):
        part.trainable = False
    return model


def _training(
    model: keras.Model, settings: Settings, precision: str
) -> dict[str, Callable[[int], None]]:
    config = FineTuneConfig(train_batch_size=settings.batch_size, precision=precision)
    prepare(config)
    (stage,) = labels_only(epochs=1, learning_rate=2e-5, regression=False)
    texts = fixed_length(settings, settings.theseus_length, settings.theseus_steps)
    return training(stage, config, model, single_texts(texts, config))
