"""A file with the outputs of some rows: Arrow's IPC format, mapped into memory."""

import contextlib
import zlib
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path

import ml_dtypes
import numpy as np
import pyarrow as pa

from distill_tf.files import atomic_path
from distill_tf.teacher_cache.distinct_rows import KEY_BYTES

SUFFIX = ".arrow"
_KEY = "key"
# Arrow has no bfloat16.
_STORED_AS = {np.dtype(ml_dtypes.bfloat16): np.dtype(np.uint16)}
_READ_AS = {stored: dtype for dtype, stored in _STORED_AS.items()}


class DamagedChunkError(Exception):
    """The file is not what was once written."""


def write_chunk(
    path: Path, keys: np.ndarray, columns: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> None:
    """Writes rows beside the place and renames the file, so that none is half there.

    Args:
        path: the file.
        keys: [n] names of the rows.
        columns: name -> (the rows end to end, the values of each [n]).
    """
    arrays = [
        pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(KEY_BYTES), len(keys), [None, pa.py_buffer(keys)]
        )
    ]
    fields = [_field(_KEY, arrays[0].type, "bytes", keys)]
    for name, (values, sizes) in columns.items():
        splits = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        stored = values.view(_STORED_AS.get(values.dtype, values.dtype))
        array = pa.LargeListArray.from_arrays(pa.array(splits), pa.array(stored))
        arrays.append(array)
        fields.append(_field(name, array.type, str(values.dtype), splits, stored))
    schema = pa.schema(fields)
    with (
        atomic_path(path) as temporary,
        temporary.open("wb") as file,
        pa.ipc.new_file(file, schema) as writer,
    ):
        writer.write_batch(pa.record_batch(arrays, schema=schema))


class Chunk:
    """An open file; its values stay on disk until they are read.

    Attributes:
        keys: [n] names of its rows.
        columns: names of its columns.
    """

    def __init__(self, path: Path):
        """Opens the file and checks the names of its rows.

        Raises:
            DamagedChunkError: the file is not what was once written.
            OSError: it cannot be read.
        """
        self.path = path
        self._opened = {}
        with _damage_told():
            self._batch = pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)
            self._batch.validate()
            self.columns = frozenset(self._batch.schema.names) - {_KEY}
            keys = self._batch.column(_KEY)
            self.keys = np.frombuffer(keys.buffers()[1], f"S{KEY_BYTES}", len(keys))
            self._check(_KEY, self.keys)

    def open(self, name: str, is_ours: bool = False) -> None:
        """Makes a column ready, checking it against its checksum.

        Args:
            name: the column's.
            is_ours: whether this process has just written the file, which then is not
                read again: its values stay out of memory until they are asked for.

        Raises:
            DamagedChunkError: the column is not what was once written.
        """
        if name in self._opened:
            return
        with _damage_told():
            column = self._batch.column(name)
            splits = column.offsets.to_numpy(zero_copy_only=True)
            values = column.values.to_numpy(zero_copy_only=True)
            if not is_ours:
                self._check(name, splits, values)
        dtype = _READ_AS.get(values.dtype, values.dtype)
        self._opened[name] = values.view(dtype), splits

    def row(self, name: str, position: int) -> np.ndarray:
        """The values of one row in a column that was opened."""
        values, splits = self._opened[name]
        return values[splits[position] : splits[position + 1]]

    def _check(self, name, *arrays):
        metadata = self._batch.schema.field(name).metadata or {}
        if _checksum(*arrays) != metadata.get(b"crc32"):
            raise DamagedChunkError(f"the checksum of {name} differs")


@contextlib.contextmanager
def _damage_told() -> Iterator[None]:
    """Tells what a damaged header leads to from what the system refuses."""
    try:
        yield
    except (pa.ArrowException, ValueError, TypeError, LookupError) as error:
        raise DamagedChunkError(str(error)) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise DamagedChunkError(str(error)) from error


def _field(name, kind, dtype, *arrays) -> pa.Field:
    metadata = {"dtype": dtype, "crc32": _checksum(*arrays)}
    return pa.field(name, kind, metadata=metadata)


def _checksum(*arrays: np.ndarray) -> bytes:
    value = 0
    for array in arrays:
        value = zlib.crc32(np.ascontiguousarray(array).view(np.uint8), value)
    return f"{value:08x}".encode()
