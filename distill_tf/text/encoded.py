"""A whole column of texts as token ids, in flat NumPy arrays."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np


@dataclass(frozen=True, eq=False)
class EncodedTexts:
    """Token rows end to end, five bytes a token.

    Row i is `token_ids[row_splits[i] : row_splits[i + 1]]`, and its segments likewise.

    Attributes:
        token_ids: [total] int32.
        segment_ids: [total] uint8.
        row_splits: [n + 1] int64, from 0 to total.
        pad_id: The token id that `pad` fills up with.
        num_truncated: How many rows lost tokens to the maximum length.
    """

    token_ids: np.ndarray
    segment_ids: np.ndarray
    row_splits: np.ndarray
    pad_id: int
    num_truncated: int

    def __len__(self) -> int:
        return len(self.row_splits) - 1

    @cached_property
    def lengths(self) -> np.ndarray:
        """[n] int64 token counts."""
        return np.diff(self.row_splits)

    @cached_property
    def max_length(self) -> int:
        """Tokens of the longest row; 0 of none."""
        return int(self.lengths.max(initial=0))

    def in_epoch(self, epoch: int) -> Self:
        """The rows as one pass over the data reads them: here always the same."""
        return self

    def pad(self, indices: np.ndarray, length: int) -> dict[str, np.ndarray]:
        """Gathers rows into a dense batch.

        Args:
            indices: [b] row numbers.
            length: The width of the batch.

        Returns:
            `token_ids` and `segment_ids`, [b, length] int32, and `padding_mask`,
            [b, length] bool, True at tokens.

        Raises:
            ValueError: If one of the rows is longer than `length`.
        """
        starts = self.row_splits[indices]
        lengths = self.row_splits[np.add(indices, 1)] - starts
        if lengths.max(initial=0) > length:
            raise ValueError(
                f"A row of {lengths.max()} tokens does not fit a batch of width "
                f"{length}."
            )
        columns = np.arange(length)
        padding_mask = columns < lengths[:, np.newaxis]
        positions = (starts[:, np.newaxis] + columns)[padding_mask]
        token_ids = np.full(padding_mask.shape, self.pad_id, np.int32)
        token_ids[padding_mask] = self.token_ids[positions]
        segment_ids = np.zeros(padding_mask.shape, np.int32)
        segment_ids[padding_mask] = self.segment_ids[positions]
        return {
            "token_ids": token_ids,
            "segment_ids": segment_ids,
            "padding_mask": padding_mask,
        }
