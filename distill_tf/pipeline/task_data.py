"""The task of a configuration, with its examples as text and as token ids."""

from dataclasses import dataclass

import numpy as np
from absl import logging

from distill_tf.config.task import TaskOptions
from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.tasks import Examples
from distill_tf.tasks import Task
from distill_tf.tasks import concatenate
from distill_tf.tasks import get_task
from distill_tf.text import EncodedTexts
from distill_tf.text import TextEncoder
from distill_tf.text import encode_all


def build_task(options: TaskOptions) -> Task:
    """The task that the options name or describe."""
    return get_task(
        options.task_name,
        data_dir=options.data_dir or None,
        text_columns=_listed(options.text_columns),
        label_column=options.label_column or None,
        labels=_listed(options.labels),
        metrics=_listed(options.metrics),
        regression=options.regression,
    )


def _listed(text: str) -> list[str] | None:
    return [part.strip() for part in text.split(",")] if text else None


@dataclass(frozen=True)
class EvaluationSet:
    """A labelled split as token ids."""

    name: str
    encoded: EncodedTexts
    labels: np.ndarray


@dataclass(frozen=True)
class TaskData:
    """A task and where its files are."""

    task: Task
    options: TaskOptions

    @classmethod
    def load(cls, options: TaskOptions) -> "TaskData":
        return cls(build_task(options), options)

    @property
    def labels(self) -> LabelSet:
        return LabelSet(names=tuple(self.task.labels), is_pair=self.task.is_pair)

    def examples(self, split: str, max_examples: int | None = None) -> Examples:
        return self.task.load(self._data_dir, split, max_examples)

    def train(self) -> Examples:
        """The labelled training examples, as many as the options allow."""
        return self.examples("train", self.options.max_train_examples or None)

    def with_unlabelled(self, train: Examples) -> Examples:
        """The training examples, and those without a label that a task may have."""
        if not (
            self.options.use_unlabelled
            and self.task.has_split(self._data_dir, "unlabelled")
        ):
            return train
        unlabelled = self.examples("unlabelled")
        logging.info(
            "The student learns from %d labelled and %d unlabelled examples.",
            len(train),
            len(unlabelled),
        )
        return concatenate([train, unlabelled])

    def dev_labels(self) -> np.ndarray:
        """The labels of the dev split that selects the best weights."""
        return self.examples(self._dev_splits[0]).labels

    def dev_sets(self, encoder: TextEncoder) -> list[EvaluationSet]:
        """The dev splits as this encoder reads them; the first one selects."""
        sets = []
        for split in self._dev_splits:
            examples = self.examples(split)
            encoded = encode(encoder, examples, split)
            sets.append(EvaluationSet(split, encoded, examples.labels))
        return sets

    def test_examples(self) -> dict[str, Examples]:
        """The test sets that are there, by split; DistillError if there is none."""
        sets = {
            split: self.examples(split)
            for split in self.task.test_splits
            if self.task.has_split(self._data_dir, split)
        }
        if not sets:
            raise DistillError(
                f"do_predict needs a test set, but task {self.task.name} has none in "
                f"{self._data_dir or 'its data'}; add the file or leave out do_predict."
            )
        return sets

    @property
    def _data_dir(self) -> str | None:
        return self.options.data_dir or None

    @property
    def _dev_splits(self) -> tuple[str, ...]:
        return self.task.available_dev_splits(self._data_dir)


def encode(encoder: TextEncoder, examples: Examples, what: str) -> EncodedTexts:
    """Encodes a split, and says how many texts were too long."""
    encoded = encode_all(encoder, examples.texts_a, examples.texts_b)
    if encoded.num_truncated:
        logging.info(
            "%s: %d of %d texts are cut at %d tokens.",
            what,
            encoded.num_truncated,
            len(encoded),
            encoder.max_seq_length,
        )
    return encoded


def training_batches(
    examples: Examples, encoder: TextEncoder, batch_size: int, seed: int
) -> TrainingBatches:
    """Training examples as batches that student and teacher both read."""
    return TrainingBatches(
        encode(encoder, examples, "train"), examples.labels, batch_size, seed
    )
