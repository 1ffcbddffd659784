"""Files and folders written beside their place and renamed, so none is half-written."""

import contextlib
import errno
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from distill_tf.errors import DistillError

_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


def write_text_atomically(path: str | os.PathLike, text: str) -> None:
    """Writes `text` as UTF-8 with the line ends it has, replacing the file whole.

    Args:
        path: The file; missing parent folders are made.
        text: Its new content.

    Raises:
        DistillError: If the place cannot be written or the disk is full.
    """
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_json_atomically(path: str | os.PathLike, value: Any) -> None:
    """Writes `value` as indented UTF-8 JSON with a final newline.

    Args:
        path: The file; missing parent folders are made.
        value: Anything `json` can write, without NaN and infinities: those are not
            JSON, and many readers refuse a file that holds them.

    Raises:
        DistillError: If the place cannot be written or the disk is full.
        ValueError: If `value` holds NaN or an infinity.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    write_text_atomically(path, text + "\n")


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike) -> Iterator[Path]:
    """Yields a free path beside `path`, which takes its place when the block succeeds.

    The block makes a file or a folder there. The temporary name ends in the final one,
    so writers that look at the extension behave. If the block raises, what it wrote is
    removed and `path` is as it was. A symbolic link stays, and its target is replaced.

    A file is replaced in one step. No file system call that Python offers does so for
    a folder, so an existing folder is first renamed to `.NAME.previous` and removed
    last: a process killed between those steps leaves it there, complete.

    Args:
        path: The final file or folder; missing parent folders are made.

    Yields:
        The temporary path. Nothing exists there yet.

    Raises:
        DistillError: If the place cannot be written or the disk is full.
    """
    path = Path(os.path.realpath(path))
    temporary = path.with_name(f".{uuid.uuid4().hex[:12]}.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _replace(temporary, path)
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        raise DistillError(
            f"{path} could not be written ({error.strerror}): free some space, or "
            "choose a folder that may be written to."
        ) from error
    finally:
        _remove(temporary)


def _replace(source: Path, target: Path) -> None:
    if not (source.is_dir() or target.is_dir()):
        os.replace(source, target)
        return
    previous = target.with_name(f".{target.name}.previous")
    if target.exists():
        _remove(previous)
        os.replace(target, previous)
    try:
        os.replace(source, target)
    except BaseException:
        if previous.exists() and not target.exists():
            os.replace(previous, target)
        raise
    _remove(previous)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
