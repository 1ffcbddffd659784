"""Folders of Hugging Face's transformers: config.json, weights, tokenizer."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors import safe_open

from distill_tf.checkpoints.arrays import as_float32
from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.huggingface_names import canonical_name
from distill_tf.checkpoints.huggingface_names import huggingface_name
from distill_tf.checkpoints.huggingface_tokenizer import read_lower_case
from distill_tf.checkpoints.json_files import bert_config_from
from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.checkpoints.json_files import unread_keys
from distill_tf.checkpoints.size_check import check_sizes
from distill_tf.checkpoints.torch_archive import read_torch_state_dict
from distill_tf.checkpoints.vocabulary_files import find_tokens
from distill_tf.checkpoints.weight_table import HEAD_NAMES
from distill_tf.errors import DistillError

# In order of preference.
WEIGHT_FILES = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
_VOCABULARY_FILES = ("vocab.txt", "tokenizer.json")
# transformers.activations.ACT2FN's names.
_ACTIVATIONS = {
    "gelu": "gelu_erf",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
    "silu": "silu",
    "swish": "silu",
    "tanh": "tanh",
}
# Settings that change what the model computes, with the one value that is BERT's.
_SUPPORTED = {
    "model_type": "bert",
    "position_embedding_type": "absolute",
    "is_decoder": False,
    "add_cross_attention": False,
}
# A constant 0, 1, 2 ... that old versions save with the parameters.
_CONSTANT = "embeddings.position_ids"
_DEFAULT_LABEL = re.compile(r"LABEL_\d+")


def is_huggingface_folder(path: Path) -> bool:
    """Whether there is a config.json with one of `WEIGHT_FILES` beside it."""
    return (path / "config.json").is_file() and _weight_file(path) is not None


def load_huggingface_checkpoint(
    folder: str | Path,
    bert_config_file: str | Path | None = None,
    vocab_file: str | Path | None = None,
) -> BertCheckpoint:
    """Reads a BERT that transformers saved, with or without a classifier head.

    Nothing is unpickled but plain tensors (see `torch_archive`). Half and bfloat16
    weights become float32. Labels named LABEL_0, LABEL_1 ... count as none.

    Args:
        folder: see `is_huggingface_folder`.
        bert_config_file: default config.json in the folder.
        vocab_file: default vocab.txt in the folder, else its tokenizer.json; both
            may be absent.

    Raises:
        DistillError: a file is absent, truncated, corrupt or not to be trusted, the
            model is no BERT that we can compute, or the configuration does not match
            the weights.
    """
    folder = Path(folder)
    weight_file = _weight_file(folder)
    if weight_file is None:
        raise DistillError(
            f"expected one of {', '.join(WEIGHT_FILES)} in {folder}, but there is "
            "none; fetch the weights too."
        )
    config_path = Path(bert_config_file or folder / "config.json")
    values = read_json_object(config_path)
    _refuse_other_models(values, config_path)
    config = bert_config_from(values, _ACTIVATIONS, config_path)
    arrays = _read_arrays(weight_file)
    weights = _canonical(arrays, str(weight_file))
    shapes = {name: array.shape for name, array in weights.items()}
    check_sizes(shapes, config, str(weight_file), str(config_path))
    tokens = find_tokens(folder, _VOCABULARY_FILES, vocab_file)
    has_head = HEAD_NAMES[0] in weights
    if has_head:
        _refuse_other_problems(values, len(weights[HEAD_NAMES[0]]), config_path)
    return BertCheckpoint(
        config=config,
        weights=weights,
        source=str(folder),
        tokens=tokens,
        do_lower_case=read_lower_case(folder, tokens),
        labels=_read_labels(values, config_path) if has_head else None,
        pooling_strategy="cls" if has_head else None,
        unused=tuple(
            sorted(
                name
                for name in arrays
                if canonical_name(name) is None and not name.endswith(_CONSTANT)
            )
        ),
        unread_config_keys=unread_keys(
            values, *_SUPPORTED, "problem_type", "id2label", "label2id", "num_labels"
        ),
    )


def _weight_file(folder: Path) -> Path | None:
    files = (folder / name for name in WEIGHT_FILES)
    return next((file for file in files if file.is_file()), None)


def _refuse_other_models(values: Mapping[str, Any], path: Path) -> None:
    for key, supported in _SUPPORTED.items():
        value = values.get(key, supported)
        if value != supported:
            raise DistillError(
                f"{key} in {path} must be {supported!r}, but is {value!r}; only "
                "encoders of the original BERT architecture can be loaded."
            )


def _refuse_other_problems(values: Mapping[str, Any], outputs: int, path: Path) -> None:
    fitting = "regression" if outputs == 1 else "single_label_classification"
    found = values.get("problem_type")
    if found not in (None, fitting):
        raise DistillError(
            f"problem_type in {path} must be {fitting!r} for a head of {outputs} "
            f"outputs, but is {found!r}; give a classifier of one label an example, or "
            "for a single output a regression."
        )


def _read_arrays(file: Path) -> dict[str, np.ndarray]:
    if file.name.endswith(".index.json"):
        return _read_shards(file)
    if file.suffix == ".bin":
        return read_torch_state_dict(file)
    try:
        with safe_open(file, framework="np") as tensors:
            return {name: tensors.get_tensor(name) for name in tensors.keys()}
    # TypeError and AttributeError: a dtype that numpy does not have, such as FP8.
    except (SafetensorError, TypeError, AttributeError) as error:
        raise DistillError(
            f"{file} is truncated, corrupt or of a dtype without numpy counterpart "
            f"({error}); fetch it again."
        ) from error


def _read_shards(index: Path) -> dict[str, np.ndarray]:
    weight_map = read_json_object(index).get("weight_map")
    names = set(weight_map.values()) if isinstance(weight_map, dict) else set()
    arrays: dict[str, np.ndarray] = {}
    for name in sorted(map(str, names)):
        shard = index.with_name(Path(name).name)
        if shard.name != name or not shard.is_file():
            raise DistillError(
                f"{index} names the shard {name}, which is not in its folder; fetch "
                "all shards."
            )
        arrays.update(_read_arrays(shard))
    return arrays


def _canonical(arrays: Mapping[str, np.ndarray], source: str) -> dict[str, np.ndarray]:
    weights = {}
    for theirs, array in arrays.items():
        name = canonical_name(theirs)
        if name is not None:
            array = array.T if huggingface_name(name).is_transposed else array
            weights[name] = as_float32(array, name, source)
    return weights


def _read_labels(values: Mapping[str, Any], path: Path) -> tuple[str, ...] | None:
    names = values.get("id2label")
    if not names:
        return None
    try:
        labels = tuple(str(names[str(i)]) for i in range(len(names)))
    except (KeyError, TypeError) as error:
        raise DistillError(
            f"id2label in {path} was expected to map 0, 1, 2 ... to names, but is "
            f"{names!r}; correct it."
        ) from error
    return None if all(map(_DEFAULT_LABEL.fullmatch, labels)) else labels
