"""Files of rows: written, read, damaged."""

import ml_dtypes
import numpy as np
import pytest

from distill_tf.teacher_cache.chunk import Chunk
from distill_tf.teacher_cache.chunk import DamagedChunkError
from distill_tf.teacher_cache.chunk import write_chunk

KEYS = np.array([bytes([i] * 15 + [0]) for i in (7, 0, 9)], "S16")
SIZES = np.array([2, 0, 5])
STATES = np.arange(7).astype(ml_dtypes.bfloat16)
LOGITS = np.float32([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "new" / "one.arrow"
    columns = {"states/3": (STATES, SIZES), "logits": (LOGITS, np.array([2, 2, 2]))}
    write_chunk(path, KEYS, columns)
    return path


def contents(path):
    chunk = Chunk(path)
    for name in ("states/3", "logits"):
        chunk.open(name)
    rows = [chunk.row(name, i) for name in ("states/3", "logits") for i in range(3)]
    return chunk.keys, rows


def test_rows_come_back(path):
    assert [each.name for each in path.parent.iterdir()] == ["one.arrow"]
    chunk = Chunk(path)
    assert chunk.columns == {"states/3", "logits"}
    np.testing.assert_array_equal(chunk.keys, KEYS)
    assert chunk.keys[0] != chunk.keys[2]
    _, rows = contents(path)
    np.testing.assert_array_equal(np.concatenate(rows[:3]), STATES, strict=True)
    np.testing.assert_array_equal(rows[2], STATES[2:], strict=True)
    np.testing.assert_array_equal(np.stack(rows[3:]), LOGITS.reshape(3, 2), strict=True)


def test_any_damage_is_found(path):
    """Or it is in a byte that nothing is read from."""
    whole, (keys, rows) = path.read_bytes(), contents(path)
    found = 0
    for position in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        path.write_bytes(damaged)
        try:
            other_keys, other_rows = contents(path)
        except DamagedChunkError:
            found += 1
            continue
        np.testing.assert_array_equal(other_keys, keys)
        for other, row in zip(other_rows, rows, strict=True):
            np.testing.assert_array_equal(other, row, strict=True)
    assert found > 50


@pytest.mark.parametrize("size", [0, 5, 300, -1])
def test_a_cut_file_is_found(path, size):
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedChunkError):
        contents(path)


def test_a_file_that_is_not_there_is_no_damage(tmp_path):
    with pytest.raises(FileNotFoundError):
        Chunk(tmp_path / "none.arrow")
