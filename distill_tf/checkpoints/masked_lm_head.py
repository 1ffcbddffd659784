"""The masked-language-model head of a pre-trained BERT, read from its files."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import tensorflow as tf
from safetensors import SafetensorError
from safetensors import safe_open

from distill_tf.checkpoints.arrays import as_float32
from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.google import find_google_prefix
from distill_tf.checkpoints.torch_archive import read_torch_state_dict
from distill_tf.errors import DistillError

# google-research/bert's names, each with those that Hugging Face's transformers have
# had for it. Every dense kernel of theirs is the transpose.
_NAMES = {
    "cls/predictions/transform/dense/kernel": (
        "cls.predictions.transform.dense.weight",
    ),
    "cls/predictions/transform/dense/bias": ("cls.predictions.transform.dense.bias",),
    "cls/predictions/transform/LayerNorm/gamma": (
        "cls.predictions.transform.LayerNorm.weight",
        "cls.predictions.transform.LayerNorm.gamma",
    ),
    "cls/predictions/transform/LayerNorm/beta": (
        "cls.predictions.transform.LayerNorm.bias",
        "cls.predictions.transform.LayerNorm.beta",
    ),
    "cls/predictions/output_bias": (
        "cls.predictions.bias",
        "cls.predictions.decoder.bias",
    ),
}
_KERNEL, *_, _OUTPUT_BIAS = _NAMES


def has_masked_lm_head(checkpoint: BertCheckpoint) -> bool:
    """Whether `read_masked_lm_head` would find one."""
    return _names_in(checkpoint) is not None


def read_masked_lm_head(
    checkpoint: BertCheckpoint, mend: str = "give a pre-trained BERT with one"
) -> dict[str, np.ndarray]:
    """Reads the head that `load_checkpoint` leaves unused.

    Args:
        checkpoint: a Google checkpoint or Hugging Face folder.
        mend: what to do where there is no head, for the message.

    Returns:
        float32 arrays under google-research/bert's names, those of
        `distill_tf.models.masked_lm_head.NAMES`; the word embeddings, which the head
        shares, are among the checkpoint's weights.

    Raises:
        DistillError: there is no such head, or its sizes are not the encoder's.
    """
    found = _names_in(checkpoint)
    if found is None:
        raise DistillError(
            f"{checkpoint.source} has no masked-language-model head "
            f"(cls/predictions), which predicts words; {mend}."
        )
    arrays = _read(checkpoint.source, found)
    weights = {
        name: as_float32(array.T if "." in theirs else array, theirs, checkpoint.source)
        for (name, theirs), array in zip(found.items(), arrays, strict=True)
    }
    width = checkpoint.config.hidden_size
    shapes = {
        _KERNEL: (width, width),
        _OUTPUT_BIAS: (checkpoint.config.vocab_size,),
    }
    for name, theirs in found.items():
        expected = shapes.get(name, (width,))
        if weights[name].shape != expected:
            raise DistillError(
                f"{theirs} in {checkpoint.source} was expected to have the shape "
                f"{expected}, but has {weights[name].shape}; fetch the checkpoint "
                "again."
            )
    return weights


def _names_in(checkpoint: BertCheckpoint) -> dict[str, str] | None:
    """The head's names in the checkpoint by canonical name; None without a head."""
    unused = set(checkpoint.unused)
    found = {}
    for name, aliases in _NAMES.items():
        theirs = next((alias for alias in (name, *aliases) if alias in unused), None)
        if theirs is None:
            return None
        found[name] = theirs
    return found


def _read(source: str, names: Mapping[str, str]) -> list[np.ndarray]:
    path = Path(source)
    prefix = find_google_prefix(path)
    try:
        if prefix is not None:
            reader = tf.train.load_checkpoint(str(prefix))
            return [reader.get_tensor(name) for name in names.values()]
        weights = path / "model.safetensors"
        if weights.is_file():
            with safe_open(weights, framework="np") as tensors:
                return [tensors.get_tensor(name) for name in names.values()]
    except (tf.errors.OpError, IndexError, SafetensorError) as error:
        raise DistillError(
            f"the masked-language-model head of {source} cannot be read ({error}); "
            "fetch the checkpoint again."
        ) from error
    weights = path / "pytorch_model.bin"
    if weights.is_file():
        arrays = read_torch_state_dict(weights)
        return [arrays[name] for name in names.values()]
    raise DistillError(
        f"{source} keeps its weights in several files, of which the masked-language-"
        "model head cannot be read; save it as one model.safetensors."
    )
