"""The map from a student's hidden states to its teacher's width, kept beside it."""

import numpy as np

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.extra_arrays import read_extra_arrays
from distill_tf.errors import DistillError

# The name that the layer has in TinyBERT's code, and in its published students.
KERNEL, BIAS = "fit_dense/kernel", "fit_dense/bias"
_NAMES = {KERNEL: ("fit_dense.weight",), BIAS: ("fit_dense.bias",)}


def read_hidden_projection(checkpoint: BertCheckpoint) -> dict[str, np.ndarray] | None:
    """Reads TinyBERT's `fit_dense`, which general distillation leaves in a student.

    Returns:
        The kernel [H_S, H_T] and the bias [H_T] by name; None if it is not there.

    Raises:
        DistillError: it cannot be read, or its shapes do not fit.
    """
    weights = read_extra_arrays(checkpoint, _NAMES, "projection of hidden states")
    if weights is None:
        return None
    kernel, bias = weights[KERNEL].shape, weights[BIAS].shape
    width = checkpoint.config.hidden_size
    if len(kernel) != 2 or kernel[0] != width or bias != kernel[1:]:
        raise DistillError(
            f"fit_dense in {checkpoint.source} was expected to map width {width} to "
            f"its teacher's, but has the shapes {kernel} and {bias}; fetch the "
            "checkpoint again."
        )
    return weights
