"""Files and folders written beside their place and renamed, so none is half-written."""

import contextlib
import errno
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Collection
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from distill_tf.errors import DistillError

_UNWRITABLE = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EFBIG,
    # A mounted volume, which cannot be renamed.
    errno.EBUSY,
    # A file where a folder should be.
    errno.EEXIST,
    errno.ENOTDIR,
}
# What file systems say that cannot be told to write to the disk at once.
_NOT_OFFERED = {errno.EINVAL, errno.EBADF, errno.ENOSYS, errno.ENOTSUP}
_MARGIN = 4 << 20
_TEMPORARY = re.compile(r"\.[0-9a-f]{12}\.(?P<name>.+)")


def check_writable(path: Path, option: str) -> None:
    """DistillError unless the path is, or can become, a folder to write to."""
    existing = nearest_existing(path)
    if not existing.is_dir():
        raise DistillError(
            f"{option} should be a folder, but {existing} is a file; choose another "
            f"{option}."
        )
    if not os.access(existing, os.W_OK | os.X_OK):
        raise DistillError(
            f"{option} is {path}, but {existing} may not be written to; choose "
            f"another {option}, or change the permissions."
        )


def refuse_other_files(
    folder: Path, others: Collection[str], ours: str = "", option: str = "output_dir"
) -> None:
    """DistillError if a folder that is to be filled or replaced holds something else.

    Args:
        folder: for the message.
        others: names of what would be lost or mixed up.
        ours: what else than new or empty it might be.
        option: what named it.
    """
    if others:
        allowed = f", or {ours}" if ours else ""
        raise DistillError(
            f"{folder} should be a new or empty folder{allowed}, but holds other files "
            f"({min(others)}); choose another {option}."
        )


def nearest_existing(path: Path) -> Path:
    """The path, or else the nearest folder above it."""
    # Path.exists raises where a folder above may not be entered.
    return next(place for place in (path, *path.parents) if os.path.exists(place))


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
    What the block wrote is on the disk itself before it is renamed, so that a power-off
    leaves the old or the new, and never an empty file.

    A file never replaces a folder, which would lose all that is in it.

    A file is replaced in one step. No file system call that Python offers does so for
    a folder, so an existing folder is first renamed to `.NAME.previous` and removed
    last: a process killed between those steps leaves it there, complete.

    Args:
        path: The final file or folder; missing parent folders are made.

    Yields:
        The temporary path. Nothing exists there yet.

    Raises:
        DistillError: If the place cannot be written, the disk is full, or a file was
            made where a folder is.
    """
    path = Path(os.path.realpath(path))
    temporary = path.with_name(f".{uuid.uuid4().hex[:12]}.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            _check_kind(temporary, path)
            _flush_all(temporary)
            _replace(temporary, path)
        finally:
            _remove(temporary)
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        # Of HDF5 the error's own text is many lines.
        reason = os.strerror(error.errno)
        raise DistillError(
            f"{path} could not be written ({reason}): free some space, or choose a "
            "folder that may be written to."
        ) from error


def check_free_space(folder: Path, num_bytes: int) -> None:
    """DistillError unless the disk has so much room beside what is written anyway.

    For writers that end badly when the disk is full, as HDF5's does.
    """
    free = shutil.disk_usage(nearest_existing(folder)).free
    if free < num_bytes + _MARGIN:
        raise DistillError(
            f"{folder} needs {num_bytes / 1e6:.0f} MB on disk, but "
            f"{free / 1e6:.0f} MB are free; free some space, and give the same command "
            "again."
        )


def remove_leftovers(folder: Path, older_than_seconds: float = 0, of: str = "") -> None:
    """Removes what `atomic_path` was at in a folder when its process was killed.

    A living process' temporaries look the same, so either nobody else may be writing
    there, or the age must tell them apart.

    Args:
        folder: looked at without the folders in it; need not be there.
        older_than_seconds: how long ago it must have been written to last.
        of: the name of what was to be written; any if empty.
    """
    for path in folder.glob(".*"):
        leftover = _TEMPORARY.fullmatch(path.name)
        if not leftover or of not in ("", leftover["name"]):
            continue
        # What cannot be removed, or another process removes now, does no harm.
        with contextlib.suppress(OSError):
            if not older_than_seconds or _age(path) > older_than_seconds:
                _remove(path)


def _age(path: Path) -> float:
    """Seconds since a file, or the newest one in a folder, was written to."""
    last = max(each.stat().st_mtime for each in (path, *path.rglob("*")))
    return time.time() - last


def _check_kind(source: Path, target: Path) -> None:
    if source.is_file() and target.is_dir():
        raise DistillError(
            f"{target} should be a file, but is a folder; choose another name, or "
            "remove the folder."
        )


def _replace(source: Path, target: Path) -> None:
    if not (source.is_dir() or target.is_dir()):
        os.replace(source, target)
        _flush(target.parent)
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
    _flush(target.parent)
    _remove(previous)


def _flush_all(path: Path) -> None:
    for inner in path.rglob("*"):
        _flush(inner)
    _flush(path)


def _flush(path: Path) -> None:
    """Waits until a file's content, or a folder's names, are on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
