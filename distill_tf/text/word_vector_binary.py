"""Word vectors in word2vec's binary format."""

import mmap
from collections.abc import Container
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from distill_tf.errors import DistillError

_MOST_BYTES_A_WORD = 10_000


def read_binary(
    path: Path, wanted: Container[bytes], shape: tuple[int, int]
) -> Iterator[tuple[bytes, np.ndarray]]:
    r"""Reads rows of a word, a space and D little-endian float32 numbers.

    word2vec ends a row by a line feed and other writers do not; both are read. The
    file is mapped into memory: the vectors of words that are not wanted are skipped.

    Args:
        path: The file.
        wanted: The words whose vectors are needed.
        shape: (rows, D), as the first line says.

    Yields:
        A wanted word and its vector [D] float32.

    Raises:
        DistillError: If the file ends before its last row or goes on after it, or if a
            wanted row holds something else than finite numbers.
    """
    rows, width = shape
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        position = content.find(b"\n") + 1
        for row in range(1, rows + 1):
            limit = position + _MOST_BYTES_A_WORD
            end_of_word = content.find(b" ", position, limit)
            start, end = end_of_word + 1, end_of_word + 1 + 4 * width
            if end_of_word < 0 or end > len(content):
                raise DistillError(
                    f"{path}: expected {rows} rows of {width} float32 numbers, as the "
                    f"first line says, but row {row} is cut short: get the file again."
                )
            word = content[position:end_of_word].lstrip(b"\n")
            if word in wanted:
                yield word, _decode(content[start:end], f"{path}, row {row}")
            position = end
        if content[position : position + 2] not in (b"", b"\n"):
            raise DistillError(
                f"{path}: expected {rows} rows of {width} float32 numbers, as the "
                f"first line says, but {len(content) - position} bytes follow: get the "
                "file again."
            )


def _decode(numbers: bytes, place: str) -> np.ndarray:
    vector = np.frombuffer(numbers, "<f4").astype(np.float32)
    if not np.isfinite(vector).all():
        wrong = vector[np.isfinite(vector).argmin()]
        raise DistillError(
            f"{place}: expected {len(vector)} finite numbers but found {wrong}: get "
            "the file again."
        )
    return vector
