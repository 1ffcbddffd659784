"""Files of word vectors, told apart by what they hold."""

import codecs
import os
from collections.abc import Container
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.text.word_vector_binary import read_binary
from distill_tf.text.word_vector_text import is_number
from distill_tf.text.word_vector_text import read_text

_SAMPLE_BYTES = 1 << 16
_CONTROL_BYTES = bytes({*range(32)} - {*b"\t\n\v\f\r"})


class _Format(NamedTuple):
    is_text: bool
    shape: tuple[int, int] | None  # As a header says: rows, numbers a row.


def read_word_vectors(
    path: str | os.PathLike, wanted: Container[bytes]
) -> Iterator[tuple[bytes, np.ndarray]]:
    """Reads the vectors of the wanted words from a file that may have gigabytes.

    - GloVe text: a line is a word and its numbers.
    - word2vec text: the same under a line that gives the rows and their width.
    - word2vec binary: that line, then each word, a space and its float32 numbers
      (https://code.google.com/archive/p/word2vec).

    Args:
        path: The file, not compressed.
        wanted: UTF-8 words.

    Yields:
        A wanted word and its vector [D] float32, in the order of the file.

    Raises:
        DistillError: If the file is missing, of another kind, or broken.
    """
    try:
        kind = _detect(Path(path))
        read = read_text if kind.is_text else read_binary
        yield from read(Path(path), wanted, kind.shape)
    except OSError as error:
        raise DistillError(
            f"The word vectors {path} could not be read ({error.strerror}): give a "
            "file of GloVe or word2vec."
        ) from error


def _detect(path: Path) -> _Format:
    with path.open("rb") as file:
        first_line = file.readline(_SAMPLE_BYTES)
        sample = file.read(_SAMPLE_BYTES)
    fields = first_line.split()
    if len(fields) == 2 and all(map(bytes.isdigit, fields)) and int(fields[1]) > 0:
        return _Format(_is_text(sample), shape=(int(fields[0]), int(fields[1])))
    if len(fields) < 2 or not _is_text(first_line):
        raise DistillError(
            f"{path}: expected word vectors, as GloVe or word2vec writes them, but "
            f"the file starts with {first_line[:20]!r}: unpack it if it is compressed, "
            "or give another one."
        )
    return _Format(is_text=True, shape=None)


def _is_text(sample: bytes) -> bool:
    """Whether rows are text: numbers in the first one, or nothing but UTF-8 text."""
    first_row, _, _ = sample.partition(b"\n")
    numbers = first_row.split()[1:]
    if numbers and all(map(is_number, numbers)):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return len(sample.translate(None, _CONTROL_BYTES)) == len(sample)
