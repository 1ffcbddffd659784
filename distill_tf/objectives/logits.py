"""Learning from the teacher's predictions."""

from collections.abc import Callable
from dataclasses import dataclass

from distill_tf.errors import DistillError
from distill_tf.objectives.objective import Objective


@dataclass(frozen=True, kw_only=True)
class LogitObjective(Objective):
    """`loss(student_logits, teacher_logits)`, a function of `distill_tf.losses`."""

    loss: Callable

    def validate(self, student, teacher):
        classes = [int(outputs["logits"].shape[-1]) for outputs in (student, teacher)]
        if classes[0] != classes[1]:
            raise DistillError(
                f"the objective {self.name} compares logits, but the student has "
                f"{classes[0]} classes and the teacher {classes[1]}; give a teacher "
                "of the same task."
            )

    def values(self, student, teacher, labels, projection):
        return self.loss(student["logits"], teacher["logits"])
