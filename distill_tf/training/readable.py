"""Files that a run wrote for itself: read, or told of in one sentence."""

import contextlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from distill_tf.errors import DistillError


@contextlib.contextmanager
def readable(path: Path, mend: str) -> Iterator[Path]:
    """Turns what goes wrong while a run's own file is read into one sentence.

    Args:
        path: the file, which the block reads.
        mend: how the sentence ends: what to do about a file that is damaged.

    Raises:
        DistillError: the file cannot be read, or does not hold what it should.
    """
    try:
        yield path
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        zipfile.BadZipFile,
    ) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise DistillError(
            f"{path} should belong to this run, but cannot be read ({reason}); {mend}."
        ) from error


def read_json(path: Path, kind: type, mend: str) -> Any:
    """What a run's own JSON file holds.

    Args:
        path: the file.
        kind: dict or list, as it should hold.
        mend: see `readable`.

    Raises:
        DistillError: the file cannot be read, or holds something else.
    """
    with readable(path, mend):
        value = json.loads(path.read_text("utf-8"))
        if not isinstance(value, kind):
            raise TypeError(f"it holds {value!r:.20}, not a {kind.__name__}")
    return value
