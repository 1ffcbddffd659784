"""Examples: texts and labels in columns, cheap for hundreds of thousands of rows."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

UNLABELLED = -1


@dataclass(frozen=True, eq=False)
class Examples:
    """Rows of one task as parallel columns.

    Attributes:
        texts_a: the n texts, or the n first texts of a pair task.
        texts_b: the n second texts; None for single-sentence tasks.
        labels: [n] class indices (int32), where `UNLABELLED` marks a row without a
            label in a mixed set; or [n] scores (float32) for regression, where NaN
            marks such a row; None when no row has a label.

    Raises:
        ValueError: columns of unequal length, or labels that are not a vector of
            int32 or float32.
    """

    texts_a: Sequence[str]
    texts_b: Sequence[str] | None = None
    labels: np.ndarray | None = None

    def __post_init__(self) -> None:
        count = len(self.texts_a)
        if self.texts_b is not None and len(self.texts_b) != count:
            raise ValueError(f"{count} texts_a but {len(self.texts_b)} texts_b")
        if self.labels is None:
            return
        if self.labels.dtype not in (np.int32, np.float32):
            raise ValueError(
                f"labels must be int32 or float32, got {self.labels.dtype}"
            )
        if self.labels.shape != (count,):
            raise ValueError(
                f"labels must have shape ({count},), got {self.labels.shape}"
            )

    def __len__(self) -> int:
        return len(self.texts_a)

    @property
    def is_pair(self) -> bool:
        """Whether every row has a second text."""
        return self.texts_b is not None

    @property
    def is_labelled(self) -> np.ndarray:
        """[n] bool: which rows have a label."""
        if self.labels is None:
            return np.zeros(len(self), dtype=bool)
        if self.labels.dtype == np.float32:
            return ~np.isnan(self.labels)
        return self.labels != UNLABELLED

    def select(self, indices: Sequence[int] | np.ndarray) -> "Examples":
        """The rows at the given positions, in the order given; repeats are allowed.

        Raises:
            ValueError: a boolean mask, which would silently be read as positions.
        """
        positions = np.asarray(indices)
        if positions.dtype == bool:
            raise ValueError("select takes positions; use np.flatnonzero(mask)")
        positions = positions.astype(np.int64, copy=False)
        return Examples(
            [self.texts_a[i] for i in positions],
            None if self.texts_b is None else [self.texts_b[i] for i in positions],
            None if self.labels is None else self.labels[positions],
        )

    def without_labels(self) -> "Examples":
        """The same texts, their labels forgotten."""
        return Examples(self.texts_a, self.texts_b)


def concatenate(parts: Sequence[Examples]) -> Examples:
    """One set holding the rows of all parts in order.

    Where some parts have labels and others none, the rows of the latter are marked
    as unlabelled (see `Examples.labels`).

    Raises:
        ValueError: no parts, pairs mixed with single sentences, or classes mixed
            with scores.
    """
    if not parts:
        raise ValueError("nothing to concatenate")
    if len({part.is_pair for part in parts}) > 1:
        raise ValueError("cannot concatenate pairs with single sentences")
    return Examples(
        [text for part in parts for text in part.texts_a],
        [text for part in parts for text in part.texts_b] if parts[0].is_pair else None,
        _concatenate_labels(parts),
    )


def text_key(texts: Iterable[str]) -> tuple[str, ...]:
    """What says whether two rows are the same: files differ in their white space."""
    return tuple(" ".join(text.split()) for text in texts)


def text_keys(examples: Examples) -> list[tuple[str, ...]]:
    """The key of each row."""
    sides = [examples.texts_a]
    if examples.texts_b is not None:
        sides.append(examples.texts_b)
    return [text_key(row) for row in zip(*sides, strict=True)]


def _concatenate_labels(parts: Sequence[Examples]) -> np.ndarray | None:
    dtypes = {part.labels.dtype for part in parts if part.labels is not None}
    if not dtypes:
        return None
    if len(dtypes) > 1:
        raise ValueError("cannot concatenate class labels with scores")
    (dtype,) = dtypes
    missing = np.nan if dtype == np.float32 else UNLABELLED
    return np.concatenate(
        [
            np.full(len(part), missing, dtype) if part.labels is None else part.labels
            for part in parts
        ]
    )
