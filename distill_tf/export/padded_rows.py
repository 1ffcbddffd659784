"""Rows of token ids to arrays, as the models' inputs are called outside."""

from collections.abc import Sequence

import numpy as np


def padded_rows(
    rows: Sequence[Sequence[int]],
    pad_id: int,
    first_segments: Sequence[int] | None = None,
) -> dict[str, np.ndarray]:
    """`input_ids`, `token_type_ids` and `attention_mask`, [n, L] int64.

    Args:
        rows: token ids; L is the length of the longest.
        pad_id: what stands behind a row.
        first_segments: how many tokens of each row are of segment 0; by default all.
    """
    width = max(map(len, rows), default=0)
    input_ids = np.full((len(rows), width), pad_id, np.int64)
    token_type_ids = np.zeros_like(input_ids)
    attention_mask = np.zeros_like(input_ids)
    for i, row in enumerate(rows):
        input_ids[i, : len(row)] = row
        attention_mask[i, : len(row)] = 1
        if first_segments is not None:
            token_type_ids[i, first_segments[i] : len(row)] = 1
    return {
        "input_ids": input_ids,
        "token_type_ids": token_type_ids,
        "attention_mask": attention_mask,
    }
