"""A stage of training, as data."""

from dataclasses import dataclass

from distill_tf.objectives import Objective


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a student is trained towards, for how long.

    Attributes:
        name: the stage's folder and heading.
        objectives: the terms of the loss.
        epochs: passes over the training data; may be a fraction.
        learning_rate: the peak.
        schedule: "linear" (warm-up, then decay to 0) or "constant".
        selects_best: whether the weights with the best dev result are kept rather
            than the last ones; no, while the student's head is not trained.
    """

    name: str
    objectives: tuple[Objective, ...]
    epochs: float
    learning_rate: float
    schedule: str = "linear"
    selects_best: bool = True

    @property
    def needs_teacher(self) -> bool:
        return any(objective.needs_teacher for objective in self.objectives)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What a method needs to know of the two models and the task."""

    student_layers: int
    teacher_layers: int
    regression: bool
