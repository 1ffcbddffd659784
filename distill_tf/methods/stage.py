"""A stage of training, as data."""

from dataclasses import dataclass

from distill_tf.objectives import Features
from distill_tf.objectives import Objective
from distill_tf.objectives import merge


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
        trains_student: no, where only a map that later stages need is trained.
        finished_alone: whether the classifier that the run leaves is trained by
            itself, without what its kind of student wraps it in for training.
        max_hours: of training, over all calls, after which it ends wherever it is; 0
            leaves it to the epochs.
    """

    name: str
    objectives: tuple[Objective, ...]
    epochs: float
    learning_rate: float
    schedule: str = "linear"
    selects_best: bool = True
    trains_student: bool = True
    finished_alone: bool = False
    max_hours: float = 0.0

    @property
    def needs_teacher(self) -> bool:
        return any(objective.needs_teacher for objective in self.objectives)

    @property
    def teacher_features(self) -> Features:
        """All that its objectives read of the teacher's outputs."""
        return merge(objective.teacher_features for objective in self.objectives)

    @property
    def reads_padding(self) -> bool:
        """Whether one of them reads what the teacher says at padding."""
        return any(objective.reads_padding for objective in self.objectives)

    @property
    def shared_maps(self) -> frozenset[str]:
        """Keys of the trained maps that objectives of other stages may go on with."""
        return frozenset(
            objective.projection_key
            for objective in self.objectives
            if objective.projection_key != objective.name
        )


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What a method needs to know of the two models and the task.

    Attributes:
        student_layers: transformer layers of the student, the one above a deformer's
            towers included; None if it is no transformer.
        teacher_layers: those of the teacher; None if it gives logits alone.
        regression: whether the label is a number.
        labels: the names of the task's classes, in order; () in a regression.
        tower_tokens: of two towers, the most tokens of the first and of the second
            text, special ones not counted; None of a student that is no two towers.
    """

    student_layers: int | None
    teacher_layers: int | None
    regression: bool
    labels: tuple[str, ...] = ()
    tower_tokens: tuple[int, int] | None = None
