"""Teachers that can be asked: one classifier, or several and their average."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import numpy as np

from distill_tf.models.average import AverageModel
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.pipeline.evaluate import evaluate_model
from distill_tf.pipeline.evaluate import latency
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.task_data import encode_with_masks
from distill_tf.pipeline.teachers.teacher import Teacher
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.teacher_cache import can_be_told
from distill_tf.teacher_cache import fingerprint
from distill_tf.text import SeveralEncoders


class LiveTeacher(Teacher):
    """One classifier, or the weighted average of several ones' logits.

    Args:
        members: the classifiers, each with its own vocabulary, casing and size.
        weights: of their logits; by default equal.
    """

    def __init__(
        self, members: Sequence[Predictor], weights: Sequence[float] | None = None
    ):
        super().__init__(members[0].labels)
        self.members = tuple(members)
        if len(members) == 1:
            self._whole = members[0]
            self.num_layers = members[0].model.config.num_hidden_layers
        else:
            self._whole = Predictor(
                AverageModel(
                    [member.model for member in members], weights or [1] * len(members)
                ),
                SeveralEncoders([member.encoder for member in members]),
                self.labels,
            )
        self.model = self._whole.model
        self.encoder = self._whole.encoder

    def logits(
        self, examples: Examples, batch_size: int, has_masks: bool = False
    ) -> np.ndarray:
        """What it says of training examples, [n, C] float32.

        Args:
            examples: the texts.
            batch_size: examples at a time.
            has_masks: see `encode_with_masks`.
        """
        encoded = encode_with_masks(self.encoder, examples, "train", has_masks)
        return self._whole.inference.logits(encoded, batch_size)

    def rate(self, data: TaskData, batch_size: int) -> dict[str, dict[str, Any]]:
        """A row a member, where there are several, and one of the whole."""
        return {
            heading: evaluate_model(predictor, data, batch_size)
            for heading, predictor in self._by_heading().items()
        }

    def time_again(
        self, rated: Mapping[str, dict[str, Any]]
    ) -> dict[str, dict[str, Any]]:
        return {
            heading: {**rated[heading], **latency(predictor)}
            for heading, predictor in self._by_heading().items()
        }

    def fingerprint(self) -> str | None:
        # In float32, which is what it is on every machine.
        return fingerprint(self.model, "float32") if can_be_told(self.model) else None

    def _by_heading(self) -> dict[str, Predictor]:
        if len(self.members) == 1:
            return {"teacher": self._whole}
        members = enumerate(self.members, start=1)
        return {f"teacher_{i}": member for i, member in members} | {
            "teacher": self._whole
        }


def bert_of(teacher: Teacher) -> Predictor | None:
    """The BERT whose vocabulary and weights a student may take over.

    The teacher itself, or the first BERT of several; None if there is none.
    """
    found = (m for m in teacher.members if isinstance(m.model, BertClassifier))
    return next(found, None)


def bert_config_of(teacher: Teacher) -> BertConfig | None:
    """The sizes of that BERT."""
    bert = bert_of(teacher)
    return bert and bert.model.config
