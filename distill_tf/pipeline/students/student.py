"""A student that is made ready for a task, and can be made as often as needed."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

import keras
import numpy as np

from distill_tf.labels import LabelSet
from distill_tf.models.outputs import OutputsModel
from distill_tf.predictor import Predictor
from distill_tf.text import Encoder


def _as_it_is(model: OutputsModel) -> OutputsModel:
    return model


@dataclass(frozen=True)
class Student:
    """What all copies of a run's student have in common.

    Attributes:
        encoder: how it reads text.
        labels: what it tells apart.
        new_model: dtype policy -> a model with the weights that training starts from.
        seed: of the weights that are random.
        finished: the classifier that the run leaves, out of a model that `new_model`
            gave: another one where the training wraps it in something.
        hidden_projection: the trained map to its first teacher's width, by the names
            of `checkpoints.hidden_projection`, if its start comes with one.
    """

    encoder: Encoder
    labels: LabelSet
    new_model: Callable[[str], OutputsModel]
    seed: int
    finished: Callable[[OutputsModel], OutputsModel] = _as_it_is
    hidden_projection: Mapping[str, np.ndarray] | None = None

    def build(self, precision: str) -> Predictor:
        """A new student that computes under this dtype policy; each is the same."""
        keras.utils.set_random_seed(self.seed)
        return Predictor(self.new_model(precision), self.encoder, self.labels)

    def finish(self, trained: Predictor) -> Predictor:
        """The classifier that the run leaves; it shares its weights with `trained`."""
        return Predictor(self.finished(trained.model), self.encoder, self.labels)
