"""Pairs of which each text is a token row of its own."""

from dataclasses import dataclass

import numpy as np

from distill_tf.text.encoded import EncodedTexts
from distill_tf.text.pair_layout import SeparateLayout


@dataclass(frozen=True, eq=False)
class EncodedPairs:
    """The first texts of n pairs beside the second ones.

    Attributes:
        first: The n first texts.
        second: The n second texts, in the same order.
        layout: How padded rows of both become a model's inputs.
    """

    first: EncodedTexts
    second: EncodedTexts
    layout: SeparateLayout

    def __post_init__(self):
        if len(self.first) != len(self.second):
            raise ValueError(
                f"{len(self.first)} first rows do not pair with {len(self.second)} "
                "second rows."
            )

    def __len__(self) -> int:
        return len(self.first)

    @property
    def lengths(self) -> np.ndarray:
        """[n] int64 token counts of the longer text of each pair."""
        return np.maximum(self.first.lengths, self.second.lengths)

    @property
    def num_truncated(self) -> int:
        """How many of the 2 n texts lost tokens to the maximum length."""
        return self.first.num_truncated + self.second.num_truncated
