"""Open a UTF-8 text file, turning what can go wrong into one clear sentence."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from distill_tf.errors import DistillError
from distill_tf.tasks.row import place


@contextlib.contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    r"""The file as text: UTF-8 with or without a byte order mark.

    Iterating over it splits at \n, \r\n and \r only, so that a separator such as
    U+2028 inside a text stays where it is.

    Raises:
        DistillError: the file cannot be read, or is not UTF-8; the latter names the
            line. Both also when they show only while reading inside the `with`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError as error:
        raise DistillError(
            f"{_place_of_bad_byte(path)}: not UTF-8; save the file as UTF-8"
        ) from error
    except OSError as error:
        raise DistillError(
            f"{path}: cannot read it ({error.strerror}); give a file that can be read"
        ) from error


def _place_of_bad_byte(path: Path) -> str:
    # The decoder reports positions within its buffer, not within the file.
    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line_ends = re.findall(rb"\r\n|\r|\n", content[: error.start])
        return place(path, len(line_ends) + 1)
    return str(path)
