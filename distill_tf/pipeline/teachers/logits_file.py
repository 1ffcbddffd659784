"""A teacher that lives elsewhere: a file says what it said."""

import hashlib
from typing import Any

import numpy as np
from absl import logging

from distill_tf.errors import DistillError
from distill_tf.evaluation.metrics import compute_metrics
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teachers.teacher import Teacher
from distill_tf.tasks import Examples
from distill_tf.teacher_logits.table import LogitsTable


class StoredLogits:
    """Logits [n, C] of the training examples; see `StoredOutputs`."""

    def __init__(self, logits: np.ndarray):
        self._logits = logits

    def batch(self, example_ids: np.ndarray, inputs: Any) -> dict[str, Any]:
        return {"logits": self._logits[example_ids]}


class LogitsFile(Teacher):
    """Gives logits, and only of the examples in its file, which is read when asked.

    Args:
        path: see docs/teachers.md.
        data: the task.
    """

    def __init__(self, path: str, data: TaskData):
        super().__init__(data.labels)
        self._task = data.task
        self._path = path
        self._is_whole = not data.options.max_train_examples

    def stored_outputs(self, examples: Examples, num_labelled: int) -> StoredLogits:
        table = LogitsTable.load(self._path, self._task)
        logits = table.find(examples, num_labelled, self._is_whole)
        labelled = np.flatnonzero(examples.is_labelled)
        if len(labelled):
            metric = self._task.metrics[0]
            (value,) = compute_metrics(
                [metric], logits[labelled], examples.labels[labelled]
            ).values()
            logging.info(
                "On the %d labelled training examples %s has the %s %.4f.",
                len(labelled),
                self._path,
                metric,
                value,
            )
        return StoredLogits(logits)

    def fingerprint(self) -> str:
        try:
            with open(self._path, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise DistillError(
                f"teacher_logits is {self._path}, which cannot be read "
                f"({error.strerror}); correct the path, or leave it out."
            ) from error
