"""Checkpoints of google-research/bert: TensorFlow 1 variables, config, vocabulary."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import tensorflow as tf

from distill_tf.checkpoints.arrays import as_float32
from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.json_files import bert_config_from
from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.checkpoints.json_files import unread_keys
from distill_tf.checkpoints.size_check import check_sizes
from distill_tf.checkpoints.vocabulary_files import find_tokens
from distill_tf.checkpoints.vocabulary_files import guess_lower_case
from distill_tf.checkpoints.weight_table import HEAD_NAMES
from distill_tf.checkpoints.weight_table import encoder_weights
from distill_tf.errors import DistillError

# modeling.py's names; its "gelu" is the tanh form.
_ACTIVATIONS = {"gelu": "gelu_tanh", "relu": "relu", "tanh": "tanh"}
GOOGLE_CONFIG = "bert_config.json"
_VOCABULARY = "vocab.txt"
_PRETRAINED = "bert_model.ckpt"
_STEP = re.compile(r"model\.ckpt-(\d+)\.index")
_FILE_ENDING = re.compile(r"\.(index|data-\d{5}-of-\d{5})$")


def find_google_prefix(path: Path) -> Path | None:
    """The checkpoint prefix that a path means, or None if there is none.

    Args:
        path: a prefix (".../bert_model.ckpt", ".../model.ckpt-46000"), one of its
            files, or a folder; of a folder `bert_model.ckpt`, else the latest
            `model.ckpt-STEP`, else what its `checkpoint` file names.
    """
    if path.is_dir():
        return _find_in_folder(path)
    prefix = path.with_name(_FILE_ENDING.sub("", path.name))
    return prefix if _index_file(prefix).is_file() else None


def load_google_checkpoint(
    path: str | Path,
    bert_config_file: str | Path | None = None,
    vocab_file: str | Path | None = None,
) -> BertCheckpoint:
    """Reads a pre-trained or fine-tuned checkpoint of google-research/bert.

    Optimizer slots, `global_step` and the pre-training heads (`cls/...`) are not
    read and come back as unused. `output_weights` and `output_bias`, which
    run_classifier.py writes, are the head.

    Args:
        path: see `find_google_prefix`.
        bert_config_file: default `bert_config.json` beside the checkpoint.
        vocab_file: default `vocab.txt` beside the checkpoint, which may be absent.

    Raises:
        DistillError: a file is absent, truncated or corrupt, or the configuration
            does not match the checkpoint.
    """
    path = Path(path)
    prefix = find_google_prefix(path)
    if prefix is None:
        raise DistillError(
            f"expected a Google checkpoint at {path}, but there is no {path}.index, "
            f"{path}/{_PRETRAINED}.index or {path}/model.ckpt-STEP.index; give the "
            "prefix of a checkpoint, or its folder."
        )
    config_path = Path(bert_config_file or prefix.with_name(GOOGLE_CONFIG))
    values = read_json_object(config_path)
    config = bert_config_from(values, _ACTIVATIONS, config_path)
    reader = _open(prefix)
    shapes = {
        name: tuple(shape) for name, shape in reader.get_variable_to_shape_map().items()
    }
    check_sizes(shapes, config, str(prefix), str(config_path))
    wanted = [*(row.name for row in encoder_weights(config)), *HEAD_NAMES]
    weights = {name: _read(reader, name, prefix) for name in wanted if name in shapes}
    tokens = find_tokens(prefix.parent, (_VOCABULARY,), vocab_file)
    return BertCheckpoint(
        config=config,
        weights=weights,
        source=str(prefix),
        tokens=tokens,
        do_lower_case=guess_lower_case(tokens) if tokens else None,
        pooling_strategy="cls" if HEAD_NAMES[0] in weights else None,
        unused=tuple(sorted(shapes.keys() - weights.keys())),
        unread_config_keys=unread_keys(values),
    )


def untrained_google_checkpoint(
    bert_config_file: str | Path, vocab_file: str | Path | None = None
) -> BertCheckpoint:
    """What a bert_config.json and its vocabulary say, without any weights.

    Args:
        bert_config_file: the configuration.
        vocab_file: default `vocab.txt` beside it, which may be absent.

    Raises:
        DistillError: a file is absent or cannot be read.
    """
    path = Path(bert_config_file)
    values = read_json_object(path)
    tokens = find_tokens(path.parent, (_VOCABULARY,), vocab_file)
    return BertCheckpoint(
        config=bert_config_from(values, _ACTIVATIONS, path),
        weights={},
        source=str(path),
        tokens=tokens,
        do_lower_case=guess_lower_case(tokens) if tokens else None,
        unread_config_keys=unread_keys(values),
    )


def save_google_checkpoint(
    prefix: str | Path, weights: Mapping[str, np.ndarray]
) -> None:
    """Writes arrays under their names in the format of TensorFlow 1's Saver.

    Makes `prefix.index` and `prefix.data-00000-of-00001`; reading them gives the
    same bits. With the result of `named_weights` this is a checkpoint that
    google-research/bert starts from.
    """
    prefix = Path(prefix)
    prefix.parent.mkdir(parents=True, exist_ok=True)
    tf.raw_ops.SaveV2(
        prefix=str(prefix),
        tensor_names=list(weights),
        shape_and_slices=[""] * len(weights),
        tensors=[tf.constant(array) for array in weights.values()],
    )


def _index_file(prefix: Path) -> Path:
    return prefix.with_name(f"{prefix.name}.index")


def _find_in_folder(folder: Path) -> Path | None:
    if _index_file(folder / _PRETRAINED).is_file():
        return folder / _PRETRAINED
    steps = [
        int(m[1]) for file in folder.iterdir() if (m := _STEP.fullmatch(file.name))
    ]
    if steps:
        return folder / f"model.ckpt-{max(steps)}"
    latest = tf.train.latest_checkpoint(folder)
    return Path(latest) if latest else None


def _open(prefix: Path):
    if not list(prefix.parent.glob(f"{prefix.name}.data-*-of-*")):
        raise DistillError(
            f"{_index_file(prefix)} has no data file beside it, expected "
            f"{prefix}.data-00000-of-00001; fetch the checkpoint again."
        )
    try:
        return tf.train.load_checkpoint(str(prefix))
    except tf.errors.OpError as error:
        raise DistillError(
            f"{_index_file(prefix)} is no index of a TensorFlow checkpoint "
            f"({error.message}); fetch the checkpoint again."
        ) from error


def _read(reader, name: str, prefix: Path) -> np.ndarray:
    try:
        array = reader.get_tensor(name)
    # The reader turns a short file into IndexError and a wrong checksum into OpError.
    except (tf.errors.OpError, IndexError) as error:
        raise DistillError(
            f"{name} cannot be read from {prefix}.data-* ({error}), which is "
            "truncated or corrupt; fetch the checkpoint again."
        ) from error
    return as_float32(array, name, str(prefix))
