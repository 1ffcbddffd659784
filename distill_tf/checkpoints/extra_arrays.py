"""Arrays of a checkpoint that are no part of its encoder, pooler or head."""

from collections.abc import Mapping
from collections.abc import Sequence
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

# google-research/bert's style of name, each with those that PyTorch's code has for it.
Names = Mapping[str, Sequence[str]]


def has_extra_arrays(checkpoint: BertCheckpoint, names: Names) -> bool:
    """Whether `read_extra_arrays` would find all of them."""
    return _names_in(checkpoint, names) is not None


def read_extra_arrays(
    checkpoint: BertCheckpoint, names: Names, what: str
) -> dict[str, np.ndarray] | None:
    """Reads arrays that `load_checkpoint` leaves unused.

    Args:
        checkpoint: a Google checkpoint or Hugging Face folder.
        names: of all arrays that belong together.
        what: they are, for messages.

    Returns:
        float32 arrays under google-research/bert's names, PyTorch's transposed; None
        if one of them is not there.

    Raises:
        DistillError: they are there, but cannot be read.
    """
    found = _names_in(checkpoint, names)
    if found is None:
        return None
    arrays = _read(checkpoint.source, found, what)
    return {
        name: as_float32(array.T if "." in theirs else array, theirs, checkpoint.source)
        for (name, theirs), array in zip(found.items(), arrays, strict=True)
    }


def _names_in(checkpoint: BertCheckpoint, names: Names) -> dict[str, str] | None:
    """The checkpoint's own names by ours; None unless all are there."""
    unused = set(checkpoint.unused)
    found = {}
    for name, aliases in names.items():
        theirs = next((alias for alias in (name, *aliases) if alias in unused), None)
        if theirs is None:
            return None
        found[name] = theirs
    return found


def _read(source: str, names: Mapping[str, str], what: str) -> list[np.ndarray]:
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
            f"the {what} of {source} cannot be read ({error}); fetch the checkpoint "
            "again."
        ) from error
    weights = path / "pytorch_model.bin"
    if weights.is_file():
        arrays = read_torch_state_dict(weights)
        return [arrays[name] for name in names.values()]
    raise DistillError(
        f"{source} keeps its weights in several files, of which the {what} cannot be "
        "read; save it as one model.safetensors."
    )
