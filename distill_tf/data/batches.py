"""Batches of encoded examples as tf.data, for training and for evaluation."""

import copy
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from distill_tf.data.length_buckets import shuffled_buckets
from distill_tf.data.length_buckets import sorted_buckets
from distill_tf.data.length_buckets import token_buckets
from distill_tf.data.padding import Encoded
from distill_tf.data.padding import Inputs
from distill_tf.data.padding import bucket_key
from distill_tf.data.padding import pad
from distill_tf.data.padding import padded_widths
from distill_tf.models.outputs import TOKEN_AXES
from distill_tf.text import EncodedTexts

_PREFETCHED = 2  # Batches; making one takes far less time than a training step.


class StoredOutputs(Protocol):
    """What a teacher said of the training examples, kept instead of computed."""

    def batch(self, example_ids: np.ndarray, inputs: Inputs) -> dict[str, Any]:
        """The teacher's outputs for some examples, named as a model names them.

        Several layers of an output are a tuple, or a dict by number if only some of
        them are there; a list would be one tensor to tf.data.

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
        student: Encoded,
        labels: np.ndarray,
        batch_size: int,
        seed: int,
        teacher: Encoded | None = None,
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
        of_epoch = self._in_epoch(epoch)
        dataset = tf.data.Dataset.from_generator(
            lambda: map(of_epoch._batch, batches), output_signature=self._specs()
        )
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(batches)))
        return dataset.prefetch(_PREFETCHED).with_options(_without_autotuning())

    @property
    def num_examples(self) -> int:
        return len(self._labels)

    @property
    def bring_teacher_outputs(self) -> bool:
        return self._teacher_outputs is not None

    @cached_property
    def tokens_are_shared(self) -> bool:
        """Whether the teacher reads the student's tokens, of every example the same."""
        student = self._encodings["student"]
        teacher = self._encodings.get("teacher", student)
        if teacher is student:
            return True
        return (
            isinstance(student, EncodedTexts)
            and isinstance(teacher, EncodedTexts)
            and np.array_equal(student.row_splits, teacher.row_splits)
            and np.array_equal(student.token_ids, teacher.token_ids)
        )

    def teacher_inputs(self, indices: np.ndarray) -> Inputs:
        """What the teacher reads of the chosen examples, padded."""
        return self._read_by_teacher(self._pad(indices))

    def with_teacher_outputs(self, teacher_outputs: StoredOutputs) -> "TrainingBatches":
        """The same batches, with what the teacher says instead of what it reads."""
        batches = copy.copy(self)
        batches._teacher_outputs = teacher_outputs
        return batches

    def amount(self, steps: int) -> tuple[int, int]:
        """How many examples and tokens so many steps take, from the beginning."""
        lengths = self._encodings["student"].lengths
        epochs, rest = divmod(steps, len(self))
        batches = self._indices(epochs)[:rest]
        return (
            epochs * len(lengths) + sum(map(len, batches)),
            epochs * int(lengths.sum())
            + sum(int(lengths[batch].sum()) for batch in batches),
        )

    def _in_epoch(self, epoch: int) -> "TrainingBatches":
        """The same batches, of rows as this epoch reads them."""
        batches = copy.copy(self)
        batches._encodings = {
            name: encoded.in_epoch(epoch)
            if isinstance(encoded, EncodedTexts)
            else encoded
            for name, encoded in self._encodings.items()
        }
        return batches

    def _indices(self, epoch: int) -> list[np.ndarray]:
        encoded = self._encodings["student"]
        if self._tokens_per_batch:
            return token_buckets(
                padded_widths(encoded), self._tokens_per_batch, self._seed, epoch
            )
        return shuffled_buckets(
            bucket_key(encoded), self._batch_size, self._seed, epoch
        )

    def _batch(self, indices: np.ndarray) -> tuple[dict, np.ndarray]:
        inputs = self._pad(indices)
        if self._teacher_outputs is not None:
            inputs["teacher_outputs"] = self._teacher_outputs.batch(
                indices, self._read_by_teacher(inputs)
            )
            inputs.pop("teacher", None)
        inputs["example_ids"] = indices.astype(np.int64)
        return inputs, self._labels[indices]

    def _pad(self, indices: np.ndarray) -> dict[str, Inputs]:
        return {
            name: pad(encoded, indices) for name, encoded in self._encodings.items()
        }

    @staticmethod
    def _read_by_teacher(inputs: dict[str, Inputs]) -> Inputs:
        return inputs["teacher"] if "teacher" in inputs else inputs["student"]

    def _specs(self) -> Any:
        x, y = self.first()
        outputs = x.pop("teacher_outputs", None)
        x, y = specs_of((x, y))
        if outputs is not None:
            x["teacher_outputs"] = {
                name: _output_specs(value, TOKEN_AXES.get(name, ()))
                for name, value in outputs.items()
            }
        return x, y


def _output_specs(value: Any, token_axes: tuple[int, ...]) -> Any:
    # As with a live teacher, widths and heads are known when a step is traced.
    def spec(array):
        free = (0, *token_axes)
        shape = (None if i in free else size for i, size in enumerate(array.shape))
        return tf.TensorSpec(tuple(shape), array.dtype)

    return keras.tree.map_structure(spec, value)


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


def evaluation_batches(
    encoded: Encoded, batch_size: int
) -> Iterator[tuple[np.ndarray, Inputs]]:
    """Every example once, as (indices, padded inputs), short ones first."""
    for indices in sorted_buckets(bucket_key(encoded), batch_size):
        yield indices, pad(encoded, indices)
