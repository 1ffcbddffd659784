"""Which of the training examples the teacher reads differently."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from distill_tf.data.batches import TrainingBatches
from distill_tf.data.padding import Inputs
from distill_tf.teacher_cache.columns import MASK

KEY_BYTES = 16
_EXAMPLES_AT_A_TIME = 1024


@dataclass(frozen=True)
class DistinctRows:
    """The n different examples among N, in order of their length.

    Attributes:
        keys: [n] 16 bytes each, what the teacher reads of an example, hashed: the same
            tokens give the same key whatever else the data holds.
        lengths: [n] tokens of each.
        examples: [n] the position of an example that reads so.
        row_of_example: [N] positions among the n.
    """

    keys: np.ndarray
    lengths: np.ndarray
    examples: np.ndarray
    row_of_example: np.ndarray

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of(cls, batches: TrainingBatches) -> "DistinctRows":
        """Reads all examples as the teacher does."""
        keys = np.zeros(batches.num_examples, f"S{KEY_BYTES}")
        lengths = np.zeros(batches.num_examples, np.int64)
        for start in range(0, batches.num_examples, _EXAMPLES_AT_A_TIME):
            chosen = np.arange(
                start, min(start + _EXAMPLES_AT_A_TIME, batches.num_examples)
            )
            keys[chosen], lengths[chosen] = keys_and_lengths(
                batches.teacher_inputs(chosen)
            )
        keys, examples, rows = np.unique(keys, return_index=True, return_inverse=True)
        order = np.argsort(lengths[examples], kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return cls(
            keys=keys[order],
            lengths=lengths[examples[order]],
            examples=examples[order],
            row_of_example=place[rows],
        )


def keys_and_lengths(inputs: Inputs) -> tuple[np.ndarray, np.ndarray]:
    """Key and tokens of each example of a padded batch; padding changes neither.

    Args:
        inputs: arrays [B, L] beside their `padding_mask`, or several such readings of
            an example, named or in a sequence.

    Returns:
        Keys [B], and token counts [B].
    """
    readings = list(_readings(inputs))
    counts = [reading[MASK].sum(axis=1) for reading in readings]
    hashes = [hashlib.blake2b(digest_size=KEY_BYTES) for _ in counts[0]]
    for reading, tokens in zip(readings, counts, strict=True):
        mask, ends = reading[MASK], np.cumsum(tokens).tolist()
        for name in sorted(reading.keys() - {MASK}):
            array = np.asarray(reading[name])
            if array.shape != mask.shape:
                continue  # Of the batch as a whole: how it is padded.
            values, width = memoryview(array[mask]).cast("B"), array.itemsize
            start = 0
            for digest, end in zip(hashes, ends, strict=True):
                digest.update(b"%d " % (end - start))
                digest.update(values[start * width : end * width])
                start = end
    return np.array([each.digest() for each in hashes]), np.sum(counts, axis=0)


def _readings(inputs: Inputs) -> Iterator[Inputs]:
    if isinstance(inputs, dict) and MASK in inputs:
        yield inputs
        return
    parts = inputs.values() if isinstance(inputs, dict) else inputs
    for part in parts:
        if isinstance(part, dict | list | tuple):
            yield from _readings(part)
