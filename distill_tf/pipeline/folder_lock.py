"""One process at a time in a run's folder."""

from pathlib import Path

from absl import logging
from filelock import FileLock
from filelock import Timeout

from distill_tf.errors import DistillError

# Hidden, as what is not a run's own is not.
_NAME = ".lock"


class FolderLock:
    """A file in the folder that the operating system keeps for one process.

    When the process ends, however it ends, the lock is free.

    Args:
        folder: made when the lock is taken.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._file = folder / _NAME
        self._lock = FileLock(self._file)

    def acquire(self, waits: bool = False) -> None:
        """Takes the lock, unless this object has it.

        Args:
            waits: whether to wait for a process that has it.

        Raises:
            DistillError: another process has it and `waits` is false, or the folder
                cannot be written.
        """
        if self._lock.is_locked:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._take(waits)
        except Timeout as error:
            raise DistillError(
                f"{self._folder} is in use by another process that trains or evaluates "
                "this run; wait until it has ended, or choose another output_dir."
            ) from error
        except OSError as error:
            raise DistillError(
                f"{self._file} could not be written ({error.strerror}): free some "
                "space, or choose an output_dir that may be written to."
            ) from error

    def _take(self, waits: bool) -> None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            if not waits:
                raise
            logging.info("Another process is at %s; waiting for it.", self._folder)
            self._lock.acquire(timeout=-1)

    def release(self) -> None:
        """Gives the lock back, if this object has it; nothing is left in the folder."""
        if self._lock.is_locked:
            # Before it is free. Whoever opened this file meanwhile notices that it has
            # lost its name, and makes a new one.
            self._file.unlink(missing_ok=True)
            self._lock.release()
