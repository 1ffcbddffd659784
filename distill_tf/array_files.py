"""Arrays in files, so that a full disk is noticed.

NumPy's `tofile` and `save` write past Python's file object: what does not fit is lost
without a word, or is an error without the number by which a full disk is known.
"""

from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike


def write_numbers(file: BinaryIO, array: np.ndarray) -> None:
    """Writes the numbers of an array row by row, without shape and type.

    Raises:
        OSError: If the disk is full, now or when the file is closed.
    """
    file.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8))


def save_array(path: Path, array: ArrayLike) -> None:
    """Writes a .npy file, as `np.save` does.

    Raises:
        OSError: If the disk is full.
    """
    array = np.asarray(array, order="C")
    with open(path, "wb") as file:
        header = np.lib.format.header_data_from_array_1_0(array)
        np.lib.format.write_array_header_1_0(file, header)
        write_numbers(file, array)
