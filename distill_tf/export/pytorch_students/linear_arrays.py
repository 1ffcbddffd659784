"""Dense layers as PyTorch's linear ones."""

from collections.abc import Mapping

import keras
import numpy as np


def linear_arrays(
    layers: Mapping[str, keras.layers.Dense | None],
) -> dict[str, np.ndarray]:
    """Weights and biases, under the name of each layer; a None has none.

    PyTorch holds a weight as [out, in], the transpose of a kernel.
    """
    arrays = {}
    for name, dense in layers.items():
        if dense is not None:
            arrays[f"{name}.weight"] = dense.kernel.numpy().T
            if dense.use_bias:
                arrays[f"{name}.bias"] = dense.bias.numpy()
    return arrays
