"""Arrays in files: the round trip, and a disk that is full."""

import errno
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from distill_tf.array_files import save_array
from distill_tf.array_files import write_numbers

# Takes no byte, as a disk that is full.
FULL = Path("/dev/full")
NUMBERS = np.arange(12, dtype=np.int32).reshape(3, 4)
ARRAYS = {
    "rows": NUMBERS,
    "columns": NUMBERS.T,
    "every second": NUMBERS[:, ::2],
    "empty": np.zeros((0, 4), np.float16),
    "scalar": np.array(7, np.uint8),
    "list": [np.uint32([1, 2]), np.uint32([3, 4])],
    "no list": [],
}


@pytest.mark.parametrize("name", ARRAYS)
def test_numpy_reads_what_was_saved(tmp_path, name):
    save_array(tmp_path / "a.npy", ARRAYS[name])
    found = np.load(tmp_path / "a.npy")
    np.testing.assert_array_equal(found, np.asarray(ARRAYS[name]), strict=True)


def test_numbers_stand_row_by_row(tmp_path):
    halves = np.ones((2, 3), ml_dtypes.bfloat16)
    with open(tmp_path / "numbers", "wb") as file:
        for array in (NUMBERS.T, halves, halves[:0]):
            write_numbers(file, array)
    expected = NUMBERS.T.tobytes() + halves.tobytes()
    assert (tmp_path / "numbers").read_bytes() == expected


@pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_full_disk_is_told(size):
    def write(path, array):
        with open(path, "wb") as file:
            write_numbers(file, array)

    for writer in (write, save_array):
        with pytest.raises(OSError) as caught:
            writer(FULL, np.zeros(size))
        assert caught.value.errno == errno.ENOSPC
