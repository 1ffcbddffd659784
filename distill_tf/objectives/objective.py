"""What every objective offers to the Distiller."""

from abc import ABC
from abc import abstractmethod
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras

from distill_tf.errors import DistillError
from distill_tf.objectives.schedule import Schedule

ModelOutputs = Mapping[str, Any]
"""What a model's `compute_outputs` gives: names to tensors, or to one a layer."""

Features = Mapping[str, tuple[int, ...] | None]
"""Names of model outputs, with the layers if an output has one a layer, else None."""


@dataclass(frozen=True, kw_only=True)
class Objective(ABC):
    """One term of the training loss: sum over objectives of weight x mean value.

    Attributes:
        name: what the progress bar and TensorBoard call it.
        weight: its factor in the sum, a number or a schedule of it.
    """

    name: str
    weight: float | Schedule = 1.0

    @property
    @abstractmethod
    def teacher_features(self) -> Features:
        """All that it reads of the teacher's outputs; empty if it needs no teacher.

        Layers are indices into the output; -1 is the last one. Stored outputs hold
        these and nothing else.
        """

    @property
    def needs_teacher(self) -> bool:
        """Whether it compares with a teacher; one that does not runs without."""
        return bool(self.teacher_features)

    @property
    def compares_tokens(self) -> bool:
        """Whether it pairs the two models' tokens, so that both must read the same."""
        return False

    @property
    def reads_padding(self) -> bool:
        """Whether the teacher's outputs at padding count, which stored ones lack."""
        return False

    @property
    def projection_key(self) -> str:
        """Which trained map it uses: objectives with the same key share one.

        By default a map of its own. A key that is not the objective's name is shared
        by the stages of a method, which go on with what earlier ones trained.
        """
        return self.name

    def describe(self) -> str:
        """The objective in a few words, for the log."""
        return f"{self.weight:g} x {self.name}"

    @abstractmethod
    def validate(self, student: ModelOutputs, teacher: ModelOutputs | None) -> None:
        """Raises DistillError if these two models cannot be compared.

        Args:
            student: outputs of the student on a small batch.
            teacher: the teacher's, or None if there is no teacher.
        """

    def build_projection(
        self,
        student: ModelOutputs,
        teacher: ModelOutputs | None,
        dtype: str | keras.DTypePolicy,
    ) -> keras.layers.Layer | None:
        """The trained map from student to teacher outputs, if one is needed."""
        return None

    @abstractmethod
    def values(
        self,
        student: ModelOutputs,
        teacher: ModelOutputs | None,
        labels: Any,
        projection: keras.layers.Layer | None,
    ) -> Any:
        """The loss of each example, float32 [B]."""

    def counted(self, labels: Any) -> Any | None:
        """Which examples enter the mean: float32 [B], or None for all."""
        return None


def merge(features: Iterable[Features]) -> Features:
    """Everything that is named in any of them, each layer once."""
    merged = {}
    for each in features:
        for name, layers in each.items():
            if layers is None:
                merged[name] = None
            else:
                merged[name] = tuple(sorted({*merged.get(name, ()), *layers}))
    return merged


def check_offered(
    objective: str, owner: str, outputs: ModelOutputs, feature: str
) -> None:
    """Refuses a model that does not give an output which an objective compares.

    Args:
        objective: its name.
        owner: "student" or "teacher".
        outputs: what that model gives.
        feature: the output that is needed.

    Raises:
        DistillError: the output is not there.
    """
    if feature not in outputs:
        raise DistillError(
            f"the objective {objective} needs {feature}, which this {owner} does not "
            f"give, but only {', '.join(sorted(outputs))}; choose another method."
        )
