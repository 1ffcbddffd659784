"""Learning from the teacher's predictions."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from distill_tf.errors import DistillError
from distill_tf.objectives.class_rule import ClassRule
from distill_tf.objectives.objective import Objective


@dataclass(frozen=True, kw_only=True)
class LogitObjective(Objective):
    """`loss(student_logits, teacher_logits)`, a function of `distill_tf.losses`.

    Attributes:
        loss: gives one value an example.
        takes_labels: whether the loss is given the labels [B] as a third argument.
        class_rule: how many classes it takes for the loss to teach.
    """

    loss: Callable
    takes_labels: bool = False
    class_rule: ClassRule = ClassRule()

    teacher_features = MappingProxyType({"logits": None})

    def validate(self, student, teacher):
        classes = [int(outputs["logits"].shape[-1]) for outputs in (student, teacher)]
        if classes[0] != classes[1]:
            raise DistillError(
                f"the objective {self.name} compares logits, but the student has "
                f"{classes[0]} classes and the teacher {classes[1]}; give a teacher "
                "of the same task."
            )
        self.class_rule.check(self.name, classes[0])

    def values(self, student, teacher, labels, projection):
        logits = student["logits"], teacher["logits"]
        return self.loss(*logits, labels) if self.takes_labels else self.loss(*logits)
