"""A student of two towers, as weights with plain PyTorch code beside them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.checkpoints.weight_names import named_layer_weights
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.checkpoints.weight_table import POOLER_NAMES
from distill_tf.export.exporter import TextsToLogits
from distill_tf.export.exporter import import_tool
from distill_tf.export.pytorch_students.classifier_config import classifier_config
from distill_tf.export.pytorch_students.huggingface_bert import huggingface_arrays
from distill_tf.export.pytorch_students.linear_arrays import linear_arrays
from distill_tf.export.pytorch_students.modeling_template import import_modeling
from distill_tf.export.pytorch_students.modeling_template import write_modeling
from distill_tf.export.pytorch_students.row_inputs import logits_of_rows
from distill_tf.export.pytorch_students.safetensors_file import save_safetensors
from distill_tf.export.separate_inputs import SeparateInputs
from distill_tf.export.text_inputs import save_text_inputs
from distill_tf.files import write_json_atomically
from distill_tf.models.interactions import SIDES
from distill_tf.models.interactions.col import Col
from distill_tf.models.interactions.joint_layer import JointLayer
from distill_tf.models.two_tower import TwoTowerClassifier
from distill_tf.predictor import Predictor

_ONE_VECTOR = ("sbert", "bi_encoder", "poly")


class TwoTowerStudent:
    """Two towers of any interaction, which `modeling_two_tower.py` computes.

    The encoder's parameters have transformers' names. What `TowersLayout` adds to a
    text, special tokens and positions, and the cut to the side's maximum, the model
    does there, since a tokenizer.json cannot: it knows neither sides nor padding
    inside a row.
    """

    model_type = "two_tower"
    opened_with = ("torch", "tokenizers")

    def holds(self, predictor: Predictor) -> bool:
        return isinstance(predictor.model, TwoTowerClassifier)

    def write(self, predictor: Predictor, folder: Path) -> None:
        write_json_atomically(folder / "config.json", _config(predictor))
        save_safetensors(_arrays(predictor.model), folder)
        save_text_inputs(predictor, folder)
        write_modeling(self.model_type, folder)

    def open(self, folder: Path) -> TextsToLogits:
        import_tool("torch", "pytorch")
        config = read_json_object(folder / "config.json")
        text_inputs = SeparateInputs.open(
            folder / "tokenizer.json",
            config["pad_token_id"],
            config["unk_token_id"],
            "pytorch",
        )
        modeling = import_modeling(self.model_type, folder)
        model = modeling.TwoTowerClassifier.from_folder(folder)
        return logits_of_rows(model, text_inputs)


def _config(predictor: Predictor) -> dict:
    config, vocabulary = predictor.model.config, predictor.encoder.vocabulary
    settings = predictor.encoder.settings
    values = config.to_dict()
    del values["bert"]
    return {
        **config.tower.to_dict(),
        **values,
        **classifier_config(
            predictor.labels,
            "TwoTowerClassifier",
            TwoTowerStudent.model_type,
            config.bert.hidden_act,
        ),
        "max_tokens": dict(zip(SIDES, settings.max_tokens, strict=True)),
        "pads_to_max": settings.pads_to_max,
        **{
            f"{name}_token_id": getattr(vocabulary, f"{name}_id")
            for name in ("pad", "unk", "cls", "sep")
        },
    }


def _arrays(model: TwoTowerClassifier) -> dict[str, np.ndarray]:
    """The weights that are read, under the template's names, in PyTorch's layout."""
    weights = named_weights(model.encoder)
    pooler = {name: weights.pop(name) for name in POOLER_NAMES}
    arrays = huggingface_arrays(weights)
    config, interaction = model.config, model.interaction
    if config.interaction in _ONE_VECTOR and config.pooling_strategy == "cls":
        arrays |= _renamed(pooler, "bert.pooler.dense.", "interaction.pooler.")
    if isinstance(interaction, JointLayer):
        weights = named_layer_weights(interaction.joint_layer)
        arrays |= _renamed(weights, "bert.encoder.layer.0.", "interaction.layer.")
    if isinstance(interaction, Col):
        dense_layers = {
            "interaction.first": interaction.side_dense["first"],
            "interaction.second": interaction.side_dense["second"],
            "interaction.by_class": interaction.class_dense,
        }
    else:
        dense_layers = {
            "residual": model.head.residual_dense,
            "classifier": model.head.output_dense,
        }
    return {**arrays, **linear_arrays(dense_layers)}


def _renamed(
    weights: Mapping[str, np.ndarray], prefix: str, new: str
) -> dict[str, np.ndarray]:
    """Canonical weights in PyTorch's layout, with another prefix than transformers'."""
    return {
        new + name.removeprefix(prefix): array
        for name, array in huggingface_arrays(weights).items()
    }
