"""Where the outputs of given rows lie among a folder's files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from absl import logging

from distill_tf.errors import DistillError
from distill_tf.teacher_cache.chunk import SUFFIX
from distill_tf.teacher_cache.chunk import Chunk
from distill_tf.teacher_cache.chunk import DamagedChunkError
from distill_tf.teacher_cache.columns import Column

_NOWHERE = -1


@dataclass(frozen=True)
class _Places:
    """Of each row: in which file, and which of its rows."""

    chunks: np.ndarray
    positions: np.ndarray


class StoredRows:
    """Looks up rows by their keys, in the columns that one run reads.

    Files that hold nothing of that are left alone; of the others, what is read is
    checked first, and a damaged file is removed, as if it had never been.
    """

    def __init__(self, folder: Path, keys: np.ndarray, columns: Sequence[Column]):
        """Looks into the folder, which need not be there.

        Args:
            folder: of one teacher.
            keys: [n], each once.
            columns: those that are read.
        """
        self.folder = folder
        self.columns = tuple(columns)
        self._order = np.argsort(keys)
        self._sorted_keys = keys[self._order]
        self._chunks: list[Chunk] = []
        self._known: set[str] = set()
        self._places = {
            column: _Places(*(np.full(len(keys), _NOWHERE) for _ in range(2)))
            for column in self.columns
        }
        self.refresh()

    def refresh(self) -> None:
        """Takes in files that came since."""
        for path in sorted(self.folder.glob(f"[!.]*{SUFFIX}")):
            if path.name not in self._known:
                self._take_in(path)

    def add(self, path: Path) -> None:
        """Takes in a file that this process has just written."""
        self._take_in(path, is_ours=True)

    def missing(self, column: Column, rows: np.ndarray | None = None) -> np.ndarray:
        """Which of these rows, by default of all, lack the column: bool [n]."""
        chunks = self._places[column].chunks
        return (chunks if rows is None else chunks[rows]) == _NOWHERE

    def incomplete(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Which of these rows lack a column: bool [n]."""
        return np.any([self.missing(each, rows) for each in self.columns], axis=0)

    def gather(self, column: Column, rows: np.ndarray) -> np.ndarray:
        """The values of some rows, end to end; all must be there."""
        places = self._places[column]
        chunks, name = self._chunks, column.name
        return np.concatenate(
            [
                chunks[chunk].row(name, position)
                for chunk, position in zip(
                    places.chunks[rows].tolist(),
                    places.positions[rows].tolist(),
                    strict=True,
                )
            ]
        )

    def _take_in(self, path: Path, is_ours: bool = False) -> None:
        try:
            inode = path.stat().st_ino
            chunk = Chunk(path)
            rows, positions = self._find(chunk.keys)
            if len(rows):
                self._use(chunk, rows, positions, is_ours)
        except FileNotFoundError:
            return  # Another run found it damaged.
        except DamagedChunkError as error:
            logging.warning(
                "%s is damaged (%s); what it held is computed again.", path, error
            )
            _remove(path, inode)
            return
        except OSError as error:
            raise DistillError(
                f"{path} holds a teacher's outputs, but could not be read "
                f"({error.strerror}); mend that, or give --teacher_cache=off."
            ) from error
        self._known.add(path.name)

    def _find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which rows a file has, and where in the file."""
        found = np.searchsorted(self._sorted_keys, keys)
        found = np.minimum(found, len(self._sorted_keys) - 1)
        positions = np.flatnonzero(self._sorted_keys[found] == keys)
        return self._order[found[positions]], positions

    def _use(
        self, chunk: Chunk, rows: np.ndarray, positions: np.ndarray, is_ours: bool
    ) -> None:
        wanted = []
        for column in self.columns:
            new = self.missing(column, rows)
            if column.name in chunk.columns and new.any():
                chunk.open(column.name, is_ours)
                wanted.append((column, new))
        for column, new in wanted:
            places = self._places[column]
            places.chunks[rows[new]] = len(self._chunks)
            places.positions[rows[new]] = positions[new]
        if wanted:
            self._chunks.append(chunk)


def _remove(path: Path, inode: int) -> None:
    """Removes a damaged file, unless another run has written it anew by now."""
    try:
        if path.stat().st_ino == inode:
            path.unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise DistillError(
            f"{path} is damaged and could not be removed ({error.strerror}); remove "
            "it, or give --teacher_cache=off."
        ) from error
