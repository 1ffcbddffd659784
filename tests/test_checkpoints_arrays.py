"""Weights as float32."""

import ml_dtypes
import numpy as np
import pytest

from distill_tf.checkpoints.arrays import as_float32
from distill_tf.errors import DistillError


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ml_dtypes.bfloat16], ids=str)
def test_floats_keep_their_values(dtype):
    array = np.array([[1.5, -2, 0], [3, 0.25, 7]], dtype).T
    converted = as_float32(array, "w", "here")
    assert converted.flags.c_contiguous
    np.testing.assert_array_equal(converted, array.astype("f4"), strict=True)


@pytest.mark.parametrize("dtype", ["i1", "i8", "?"])
def test_other_numbers_are_refused(dtype):
    with pytest.raises(DistillError, match=f"w in here .*{np.dtype(dtype)}"):
        as_float32(np.ones(3, dtype), "w", "here")
