"""Loads a BERT from wherever the user points, in whatever format it is."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.google import GOOGLE_CONFIG
from distill_tf.checkpoints.google import find_google_prefix
from distill_tf.checkpoints.google import load_google_checkpoint
from distill_tf.checkpoints.google import untrained_google_checkpoint
from distill_tf.checkpoints.google_models import fetch_google_model
from distill_tf.checkpoints.google_models import google_model_url
from distill_tf.checkpoints.huggingface import is_huggingface_folder
from distill_tf.checkpoints.huggingface import load_huggingface_checkpoint
from distill_tf.checkpoints.keras_hub import fetch_keras_hub_preset
from distill_tf.checkpoints.keras_hub import is_keras_hub_folder
from distill_tf.checkpoints.keras_hub import is_keras_hub_name
from distill_tf.checkpoints.keras_hub import load_keras_hub_checkpoint
from distill_tf.errors import DistillError


class CheckpointFormat(NamedTuple):
    """A format: what it looks like on disk, and how to read it.

    `recognise` looks at the path without reading weights. `load` takes the path, a
    configuration file and a vocabulary file, either of which may be None.
    """

    description: str
    recognise: Callable[[Path], bool]
    load: Callable[[Path, str | Path | None, str | Path | None], BertCheckpoint]


# Tried in this order.
CHECKPOINT_FORMATS = (
    CheckpointFormat(
        "a Google checkpoint (bert_model.ckpt.index or model.ckpt-STEP.index)",
        lambda path: find_google_prefix(path) is not None,
        load_google_checkpoint,
    ),
    CheckpointFormat(
        "a Hugging Face folder (config.json with model.safetensors or "
        "pytorch_model.bin)",
        is_huggingface_folder,
        load_huggingface_checkpoint,
    ),
    CheckpointFormat(
        "a KerasHub preset (config.json with model.weights.h5)",
        is_keras_hub_folder,
        load_keras_hub_checkpoint,
    ),
)


def load_checkpoint(
    path_or_name: str | Path,
    bert_config_file: str | Path | None = None,
    vocab_file: str | Path | None = None,
    *,
    formats: Sequence[CheckpointFormat] = CHECKPOINT_FORMATS,
    download_dir: str | Path = "checkpoints",
) -> BertCheckpoint:
    """Reads a checkpoint of any known format.

    Args:
        path_or_name: a path, else the name of one of Google's released models
            ("uncased_L-12_H-768_A-12"), else of a KerasHub preset
            ("bert_base_en_uncased").
        bert_config_file: default the one beside the weights.
        vocab_file: default the one beside the weights.
        formats: the formats to try, in order.
        download_dir: where Google's models are kept.

    Raises:
        DistillError: nothing is there, it is in no known format, or it cannot be
            read; the formats' readers say why.
    """
    path = Path(path_or_name)
    checkpoint_format = _recognise(path, formats)
    if checkpoint_format is None and not path.exists():
        path = _fetch(str(path_or_name), download_dir)
        checkpoint_format = path and _recognise(path, formats)
    if checkpoint_format is None:
        looked_for = ", ".join(each.description for each in formats)
        raise DistillError(
            f"{path_or_name} was expected to be {looked_for}, or the name of a Google "
            "model or KerasHub preset, but is none of these; correct the path."
        )
    return checkpoint_format.load(path, bert_config_file, vocab_file)


def load_untrained(
    path_or_name: str | Path,
    bert_config_file: str | Path | None = None,
    vocab_file: str | Path | None = None,
    *,
    formats: Sequence[CheckpointFormat] = CHECKPOINT_FORMATS,
) -> BertCheckpoint:
    """The configuration and vocabulary of a checkpoint, without its weights.

    Args:
        path_or_name: as in `load_checkpoint`; of a Google checkpoint, whose
            configuration is a file of its own, the weights need not be there; "" if
            the two files say everything.
        bert_config_file: default the one beside the weights.
        vocab_file: default the one beside the weights.
        formats: the formats to try, in order.

    Raises:
        DistillError: something is absent or cannot be read.
    """
    if not path_or_name and not (bert_config_file and vocab_file):
        raise DistillError(
            "random weights need a size and a vocabulary; give bert_config_file and "
            "vocab_file, or a checkpoint that has them."
        )
    path = Path(path_or_name)
    prefix = find_google_prefix(path)
    beside = (prefix.parent if prefix else path) / GOOGLE_CONFIG
    if bert_config_file or beside.is_file():
        return untrained_google_checkpoint(bert_config_file or beside, vocab_file)
    trained = load_checkpoint(path_or_name, None, vocab_file, formats=formats)
    return replace(trained, weights={}, labels=None, unused=())


def _recognise(
    path: Path, formats: Sequence[CheckpointFormat]
) -> CheckpointFormat | None:
    return next((each for each in formats if each.recognise(path)), None)


def _fetch(name: str, download_dir: str | Path) -> Path | None:
    if google_model_url(name):
        return fetch_google_model(name, download_dir)
    return fetch_keras_hub_preset(name) if is_keras_hub_name(name) else None
