"""The json files that stand beside weights: configurations and indexes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig

# The field names that google-research/bert and Hugging Face have in common.
_REQUIRED = (
    "vocab_size",
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "max_position_embeddings",
    "type_vocab_size",
    "initializer_range",
)
# Google's files never have the key, early Hugging Face ones lack it, and both
# programs then compute with this value.
_LAYER_NORM_EPS = 1e-12


def read_json_object(path: Path) -> dict[str, Any]:
    """Reads a file that holds one json object.

    Raises:
        DistillError: the file is absent, no json, or no object.
    """
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise DistillError(
            f"expected the json file {path}, but there is none; put it there or give "
            "its right path."
        ) from error
    except OSError as error:
        raise DistillError(
            f"{path} should be a json file, but cannot be read ({error.strerror}); "
            "give its right path, or the permission to read it."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DistillError(
            f"{path} is not valid json ({error}); correct it or fetch it again."
        ) from error
    if not isinstance(values, dict):
        raise DistillError(
            f"{path} was expected to hold a json object, but holds a "
            f"{type(values).__name__}; give the right file."
        )
    return values


def bert_config_from(
    values: Mapping[str, Any], activations: Mapping[str, str], path: Path
) -> BertConfig:
    """Reads the sizes and constants; nothing that changes a result is assumed.

    Args:
        values: the content of the file.
        activations: the format's names of `hidden_act` to ours.
        path: the file, for messages.

    Raises:
        DistillError: a key is absent, or a value is not one that we support.
    """
    absent = [key for key in (*_REQUIRED, "hidden_act") if key not in values]
    if absent:
        raise DistillError(
            f"{path} lacks {', '.join(absent)}; give the complete configuration of "
            "the BERT."
        )
    activation = values["hidden_act"]
    if activation not in activations:
        raise DistillError(
            f"hidden_act in {path} must be one of {', '.join(activations)}, but is "
            f"{activation!r}; only BERTs with these activations can be loaded."
        )
    try:
        return BertConfig(
            **{key: values[key] for key in _REQUIRED},
            hidden_act=activations[activation],
            layer_norm_eps=values.get("layer_norm_eps", _LAYER_NORM_EPS),
        )
    except DistillError as error:
        raise DistillError(f"{path}: {error}") from error


def unread_keys(values: Mapping[str, Any], *read: str) -> tuple[str, ...]:
    """The keys that `bert_config_from` does not read, nor the caller (`read`)."""
    known = {*_REQUIRED, "hidden_act", "layer_norm_eps", *read}
    return tuple(key for key in values if key not in known)
