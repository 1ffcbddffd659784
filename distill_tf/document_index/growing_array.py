"""A .npy file that is written row by row, whatever number of rows it will have."""

from pathlib import Path
from typing import BinaryIO

import numpy as np

from distill_tf.array_files import write_numbers


class GrowingArray:
    """A context manager; the file is complete when its block ends.

    NumPy leaves room in a header for a first dimension that grows, so the header is
    written again at the end.

    Args:
        path: the file to write.
        width: numbers a row.
        dtype: of the numbers.
    """

    def __init__(self, path: Path, width: int, dtype: np.dtype):
        self._path = path
        self._width = width
        self._dtype = np.dtype(dtype)
        self._file: BinaryIO | None = None
        self.rows = 0

    def __enter__(self) -> "GrowingArray":
        self._file = open(self._path, "wb")
        self._write_header()
        return self

    def append(self, rows: np.ndarray) -> None:
        """Adds rows [n, width] of the array's dtype."""
        write_numbers(self._file, rows.astype(self._dtype, copy=False))
        self.rows += len(rows)

    def __exit__(self, *exception) -> None:
        # Closed even if the disk is full, which may show only here.
        with self._file:
            self._file.seek(0)
            self._write_header()

    def _write_header(self) -> None:
        header = {
            "descr": np.lib.format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self.rows, self._width),
        }
        np.lib.format.write_array_header_1_0(self._file, header)
