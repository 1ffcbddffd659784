"""What every description of a file or folder of examples has in common."""

from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from distill_tf.tasks.row import Row


class Source(Protocol):
    """A place in a data folder where the rows of a split may be.

    Attributes:
        names: the paths inside the data folder where it looks, best first.
    """

    @property
    def names(self) -> tuple[str, ...]: ...

    def find(self, data_dir: Path) -> Path | None:
        """The file or folder to read, or None when it is not there."""

    def rows(self, path: Path, with_labels: bool = True) -> Iterator[Row]:
        """The rows of what `find` returned, in a fixed order.

        Args:
            path: what `find` returned.
            with_labels: False asks for no labels and leaves those that are there
                unread.

        Raises:
            DistillError: a row that cannot be read, with file and line.
        """


def or_else(
    *formats: Mapping[str, tuple[Source, ...]],
) -> dict[str, tuple[Source, ...]]:
    """The places of each split in all of these formats, those of the first one first.

    Args:
        formats: a task's places by split.
    """
    splits = dict.fromkeys(split for files in formats for split in files)
    return {
        split: tuple(place for files in formats for place in files.get(split, ()))
        for split in splits
    }


def first_existing(data_dir: Path, names: tuple[str, ...]) -> Path | None:
    """The first of the files that exists."""
    return next(
        (path for path in map(data_dir.joinpath, names) if path.is_file()), None
    )
