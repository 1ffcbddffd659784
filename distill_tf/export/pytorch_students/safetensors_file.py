"""Weights as the safetensors file of a PyTorch model."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file


def save_safetensors(arrays: Mapping[str, np.ndarray], folder: Path) -> None:
    """Writes arrays in PyTorch's layout as `model.safetensors`."""
    contiguous = {name: np.ascontiguousarray(a) for name, a in arrays.items()}
    # transformers 4 refuses a file that does not say which framework's layout it has.
    save_file(contiguous, folder / "model.safetensors", metadata={"format": "pt"})
