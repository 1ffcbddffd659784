"""A row as a reader hands it over, before its label is understood."""

from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """The texts and the label of one row, and where they were found."""

    path: Path
    line: int | None  # one-based; None where the whole file is the row
    texts: tuple[str, ...]
    label: str | None  # None where the row has no label

    @property
    def place(self) -> str:
        """`file:line`, for messages."""
        return place(self.path, self.line)


def place(path: Path, line: int | None) -> str:
    """How messages name a line of a file."""
    return str(path) if line is None else f"{path}:{line}"
