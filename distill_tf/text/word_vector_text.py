"""Word vectors as text: GloVe's files, and word2vec's with a header."""

from collections.abc import Container
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from distill_tf.errors import DistillError

_BUFFER_BYTES = 1 << 20


def read_text(
    path: Path, wanted: Container[bytes], shape: tuple[int, int] | None
) -> Iterator[tuple[bytes, np.ndarray]]:
    """Reads lines of a word and its numbers.

    A word may hold spaces, as some of GloVe's largest file do: a line's last D fields
    are the vector. The width of every line is checked, the numbers of wanted ones.

    Args:
        path: The file.
        wanted: The words whose vectors are needed.
        shape: (rows, D) if the first line says so; else its own fields give D.

    Yields:
        A wanted word and its vector [D] float32.

    Raises:
        DistillError: If a line has another width or something else than numbers, or
            the number of lines differs from `shape`.
    """
    rows, width = shape or (None, None)
    num_read = 0
    with path.open("rb", buffering=_BUFFER_BYTES) as file:
        if shape is not None:
            file.readline()
        for number, line in enumerate(file, 1 if shape is None else 2):
            line = line.strip(b" \t\r\n")
            if not line:
                continue
            if width is None:
                width = len(line.split()) - 1
            place = f"{path}:{number}"
            # Counting is twelve times as fast as splitting, and most words not wanted.
            if line.count(b" ") == width:
                word = line[: line.index(b" ")]
            else:
                word = _spaced_word(line, width, place)
            num_read += 1
            if word in wanted:
                yield word, _parse(line.split()[-width:], place)
    if rows not in (None, num_read):
        raise DistillError(
            f"{path}: expected {rows} rows, as the first line says, but found "
            f"{num_read}: get the file again."
        )


def is_number(field: bytes) -> bool:
    """Whether `float` reads it."""
    try:
        float(field)
    except ValueError:
        return False
    return True


def _spaced_word(line: bytes, width: int, place: str) -> bytes:
    """The word of a line with more or fewer spaces than numbers."""
    fields = line.split()
    if len(fields) <= width or any(map(is_number, fields[1:-width])):
        raise DistillError(
            f"{place}: expected a word and {width} numbers, as in the lines before, "
            f"but found {len(fields) - 1} numbers: get the file again."
        )
    return b" ".join(fields[:-width])


def _parse(fields: list[bytes], place: str) -> np.ndarray:
    try:
        with np.errstate(over="ignore"):
            vector = np.array(fields, np.float32)
    except ValueError:
        wrong = next(field for field in fields if not is_number(field))
    else:
        if np.isfinite(vector).all():
            return vector
        wrong = fields[int(np.isfinite(vector).argmin())]
    raise DistillError(
        f"{place}: expected {len(fields)} finite numbers after the word but found "
        f"{wrong.decode('utf-8', 'replace')!r}: get the file again."
    )
