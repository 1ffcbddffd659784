"""Arrays of a checkpoint as float32."""

import ml_dtypes
import numpy as np

from distill_tf.errors import DistillError

# Importing ml_dtypes also teaches numpy the name "bfloat16", by which safetensors
# asks for it.
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
_FLOATS = (np.dtype("f2"), np.dtype("f4"), np.dtype("f8"), BFLOAT16)


def as_float32(array: np.ndarray, name: str, source: str) -> np.ndarray:
    """A weight as a contiguous float32 array; float32 keeps its bits.

    Raises:
        DistillError: the array does not hold floating-point numbers.
    """
    if array.dtype not in _FLOATS:
        raise DistillError(
            f"{name} in {source} was expected to hold floating-point numbers, but "
            f"holds {array.dtype}; give a checkpoint that is not quantised."
        )
    return np.ascontiguousarray(array, "float32")
