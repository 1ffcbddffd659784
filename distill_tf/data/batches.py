"""Batches of encoded examples as tf.data, for training and for evaluation."""

from collections.abc import Iterator
from typing import Any
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from distill_tf.data.length_buckets import padded_length
from distill_tf.data.length_buckets import shuffled_buckets
from distill_tf.data.length_buckets import sorted_buckets
from distill_tf.data.length_buckets import token_buckets
from distill_tf.text import EncodedPairs
from distill_tf.text import EncodedTexts

# Of pairs that are read text by text, one such dict a side.
Inputs = dict[str, Any]

_PREFETCHED = 2  # Batches; making one takes far less time than a training step.


class StoredOutputs(Protocol):
    """What a teacher said of the training examples, kept instead of computed."""

    def batch(self, example_ids: np.ndarray, inputs: Inputs) -> dict[str, Any]:
        """The teacher's outputs for some examples, named as a model names them.

        Several layers of an output are a tuple; a list would be one tensor to tf.data.

        Args:
            example_ids: [b] positions in the training data.
            inputs: what the teacher would read, padded.
        """


class TrainingBatches:
    """Epoch after epoch of shuffled, length-bucketed batches.

    A batch is `(x, y)`: `x["student"]` and, if the teacher reads the text in another
    way, `x["teacher"]` are what `pad` gives; `x["example_ids"]` [B] are positions in
    the training data; `y` holds the labels [B], -1 where there is none. With
    `teacher_outputs`, `x["teacher_outputs"]` is what that gives, and nothing is left
    for the teacher to read.

    An epoch's batches depend on the seed and the epoch alone, so training can go on
    in the middle of one. Every epoch has the same number of them.

    Args:
        student: what the student reads.
        labels: [n], -1 where there is none.
        batch_size: examples a batch.
        seed: of the order.
        teacher: what the teacher reads, if that is something else.
        teacher_outputs: what the teacher says, if that is known.
        tokens_per_batch: as many examples a batch as fit into this many padded tokens
            of the student, whatever `batch_size`; 0 for batches by examples.
    """

    def __init__(
        self,
        student: EncodedTexts | EncodedPairs,
        labels: np.ndarray,
        batch_size: int,
        seed: int,
        teacher: EncodedTexts | EncodedPairs | None = None,
        teacher_outputs: StoredOutputs | None = None,
        tokens_per_batch: int = 0,
    ):
        self._encodings = {"student": student}
        if teacher is not None:
            self._encodings["teacher"] = teacher
        self._teacher_outputs = teacher_outputs
        self._labels = labels
        self._batch_size = batch_size
        self._seed = seed
        self._tokens_per_batch = tokens_per_batch
        self._count = len(self._indices(epoch=0))

    def __len__(self) -> int:
        """Batches an epoch."""
        return self._count

    def first(self) -> tuple[dict, np.ndarray]:
        """A small batch to look at shapes with."""
        return self._batch(np.arange(min(2, len(self._labels))))

    def epoch(self, epoch: int, seen: int = 0) -> tf.data.Dataset:
        """One epoch, without the batches that were already seen."""
        batches = self._indices(epoch)[seen:]
        dataset = tf.data.Dataset.from_generator(
            lambda: map(self._batch, batches), output_signature=specs_of(self.first())
        )
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(batches)))
        return dataset.prefetch(_PREFETCHED).with_options(_without_autotuning())

    def _indices(self, epoch: int) -> list[np.ndarray]:
        lengths = self._encodings["student"].lengths
        if self._tokens_per_batch:
            return token_buckets(lengths, self._tokens_per_batch, self._seed, epoch)
        return shuffled_buckets(lengths, self._batch_size, self._seed, epoch)

    def _batch(self, indices: np.ndarray) -> tuple[dict, np.ndarray]:
        inputs = {
            name: pad(encoded, indices) for name, encoded in self._encodings.items()
        }
        inputs["example_ids"] = indices.astype(np.int64)
        if self._teacher_outputs is not None:
            inputs["teacher_outputs"] = self._teacher_outputs.batch(
                indices, inputs.pop("teacher", inputs["student"])
            )
        return inputs, self._labels[indices]


def _without_autotuning() -> tf.data.Options:
    # There is nothing to tune, and an iterator's end can wait seconds for the tuner.
    options = tf.data.Options()
    options.autotune.enabled = False
    return options


def specs_of(batch: Any) -> Any:
    """The batch's structure with a `tf.TensorSpec` of free size for each array."""
    return keras.tree.map_structure(
        lambda array: tf.TensorSpec((None,) * array.ndim, array.dtype), batch
    )


def pad(encoded: EncodedTexts | EncodedPairs, indices: np.ndarray) -> Inputs:
    """The chosen examples, padded to a common length; of pairs, each side to its own.

    Returns:
        `token_ids`, `segment_ids` and `padding_mask`, each [b, L]; for `EncodedPairs`
        such a dict in `first` and one in `second`.
    """
    if isinstance(encoded, EncodedPairs):
        return {
            "first": pad(encoded.first, indices),
            "second": pad(encoded.second, indices),
        }
    lengths = encoded.lengths
    return encoded.pad(indices, padded_length(lengths[indices], int(lengths.max())))


def evaluation_batches(
    encoded: EncodedTexts | EncodedPairs, batch_size: int
) -> Iterator[tuple[np.ndarray, Inputs]]:
    """Every example once, as (indices, padded inputs), short ones first."""
    for indices in sorted_buckets(encoded.lengths, batch_size):
        yield indices, pad(encoded, indices)
