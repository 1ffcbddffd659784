"""Rows of a folder with one text file an example, as the IMDB reviews have it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from distill_tf.errors import DistillError
from distill_tf.tasks.row import Row
from distill_tf.tasks.text_file import open_text


@dataclass(frozen=True)
class TextFolder:
    """A folder whose subfolders hold the texts: `train/pos/12_7.txt`.

    Attributes:
        folder: path inside the data folder.
        subfolders: the folders of texts; their names are the labels.
    """

    folder: str
    subfolders: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The folders it needs, for messages."""
        return (f"{self.folder}/{{{','.join(self.subfolders)}}}/*.txt",)

    def find(self, data_dir: Path) -> Path | None:
        """The folder to read; None when none of the subfolders exists."""
        path = data_dir / self.folder
        return path if any((path / name).is_dir() for name in self.subfolders) else None

    def rows(self, path: Path, with_labels: bool = True) -> Iterator[Row]:
        """Yield one row a file, ordered by file number and then by subfolder.

        The order is therefore the same on every file system, and the first rows hold
        all labels.

        Raises:
            DistillError: a subfolder is missing or has no .txt files, or a file is
                not UTF-8.
        """
        files = []
        for position, name in enumerate(self.subfolders):
            found = list((path / name).glob("*.txt"))
            if not found:
                raise DistillError(
                    f"{path / name}: expected a folder with .txt files, found none; "
                    "extract the whole archive again"
                )
            files += [(_number(file), position, file.name, file) for file in found]
        for _, position, _, file in sorted(files):
            with open_text(file) as opened:
                text = opened.read()
            label = self.subfolders[position] if with_labels else None
            yield Row(file, None, (text,), label)


def _number(file: Path) -> int:
    digits = re.match(r"\d+", file.name)
    return int(digits.group()) if digits else 0
