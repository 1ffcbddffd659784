"""Batches of what the teacher said, read from the disk."""

from typing import Any

import numpy as np

from distill_tf.data.padding import Inputs
from distill_tf.objectives import Features
from distill_tf.objectives import ModelOutputs
from distill_tf.teacher_cache.columns import MASK
from distill_tf.teacher_cache.columns import Column
from distill_tf.teacher_cache.columns import column_of
from distill_tf.teacher_cache.columns import padding_mask
from distill_tf.teacher_cache.stored_rows import StoredRows


class CachedOutputs:
    """`distill_tf.data.batches.StoredOutputs` over rows that are all there.

    Args:
        stored: the rows.
        row_of_example: [N] their positions, by example.
        features: the outputs that a batch brings, and the layers.
        sample: all outputs of the teacher, on any batch.
    """

    def __init__(
        self,
        stored: StoredRows,
        row_of_example: np.ndarray,
        features: Features,
        sample: ModelOutputs,
    ):
        self._stored = stored
        self._row_of_example = row_of_example
        self._columns = {
            name: column_of(name, None, sample)
            if layers is None
            else {layer: column_of(name, layer, sample) for layer in layers}
            for name, layers in features.items()
            if name != MASK
        }
        self._with_mask = MASK in features

    def batch(self, example_ids: np.ndarray, inputs: Inputs) -> dict[str, Any]:
        """The outputs for some examples; of an output's layers a dict by number."""
        rows, mask = self._row_of_example[example_ids], padding_mask(inputs)

        def values(column: Column) -> np.ndarray:
            return column.restore(self._stored.gather(column, rows), len(rows), mask)

        outputs = {
            name: {layer: values(column) for layer, column in each.items()}
            if isinstance(each, dict)
            else values(each)
            for name, each in self._columns.items()
        }
        return {**outputs, MASK: mask} if self._with_mask else outputs
