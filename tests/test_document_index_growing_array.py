"""An array that grows: the round trip, and a disk that is full."""

import errno
from pathlib import Path

import numpy as np
import pytest

from distill_tf.document_index.growing_array import GrowingArray

# Takes no byte, as a disk that is full.
FULL = Path("/dev/full")


def test_numpy_reads_all_rows(tmp_path):
    parts = [np.ones((2, 3), np.float16), np.zeros((0, 3), np.float16)] * 2
    with GrowingArray(tmp_path / "a.npy", 3, np.float16) as array:
        for part in parts:
            array.append(part)
    assert array.rows == 4
    found = np.load(tmp_path / "a.npy")
    np.testing.assert_array_equal(found, np.concatenate(parts), strict=True)


@pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("rows", [1, 1_000_000])
def test_a_full_disk_is_told(rows):
    with pytest.raises(OSError) as caught, GrowingArray(FULL, 1, np.uint8) as array:
        array.append(np.zeros((rows, 1), np.uint8))
    assert caught.value.errno == errno.ENOSPC
