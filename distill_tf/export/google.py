"""Export as a checkpoint of google-research/bert: TensorFlow 1 variables."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from distill_tf.checkpoints.google import load_google_checkpoint
from distill_tf.checkpoints.google import save_google_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.export.bert_students import require_original_bert
from distill_tf.export.exporter import Export
from distill_tf.export.exporter import files_under
from distill_tf.files import write_json_atomically
from distill_tf.labels import LabelSet
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

# Ours to modeling.py's names; its "gelu" is the tanh form.
_ACTIVATIONS = {"gelu_tanh": "gelu", "relu": "relu", "tanh": "tanh"}
_CHECKPOINT = "bert_model.ckpt"
_TEXT_SETTINGS = "text_settings.json"
_LABELS = "labels.json"


class GoogleExporter:
    """Writes what run_classifier.py takes as --init_checkpoint.

    `bert_model.ckpt` holds the encoder under its variable names and the head as
    `output_weights` and `output_bias`. The format has no place for the class names,
    the maximum length and the casing, which run_classifier.py gets from its processor
    and flags: `labels.json` and `text_settings.json` say what they have to be.
    """

    name = "google"
    marker = "bert_model.ckpt.index"
    is_versioned = False

    def check(self, predictor: Predictor) -> None:
        require_original_bert(predictor, "google-research/bert", _ACTIVATIONS)

    def export(self, predictor: Predictor, folder: Path) -> None:
        model = predictor.model
        write_google_folder(
            folder, named_weights(model), model.config, predictor.encoder
        )
        predictor.labels.save(folder / _LABELS)

    def open(self, folder: Path) -> tuple[Export, ...]:
        checkpoint = load_google_checkpoint(folder)
        model = BertClassifier(checkpoint.config, checkpoint.num_classes)
        checkpoint.load_into(model)
        encoder = TextEncoder.from_settings(
            Vocabulary(checkpoint.tokens), TextSettings.load(folder / _TEXT_SETTINGS)
        )
        predictor = Predictor(model, encoder, LabelSet.load(folder / _LABELS))
        return (Export(files_under(folder), predictor.logits, tolerance=1e-5),)


def write_google_folder(
    folder: Path,
    weights: Mapping[str, np.ndarray],
    config: BertConfig,
    encoder: TextEncoder,
) -> None:
    """Writes the checkpoint, with or without a head, and what belongs beside it.

    Args:
        folder: gets bert_model.ckpt.*, bert_config.json, vocab.txt and
            text_settings.json.
        weights: float32, under canonical names.
        config: the encoder's sizes.
        encoder: how it reads text.
    """
    save_google_checkpoint(folder / _CHECKPOINT, weights)
    write_json_atomically(folder / "bert_config.json", google_config(config))
    encoder.vocabulary.save(folder / "vocab.txt")
    encoder.settings.save(folder / _TEXT_SETTINGS)


def google_config(config: BertConfig) -> dict[str, int | float | str]:
    """The content of a bert_config.json.

    Raises:
        KeyError: If modeling.py lacks the activation.
    """
    values = config.to_dict()
    del values["layer_norm_eps"]  # A constant of modeling.py, not a setting.
    return {**values, "hidden_act": _ACTIVATIONS[config.hidden_act]}


EXPORTER = GoogleExporter()
