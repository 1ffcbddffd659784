"""Learning which examples the teacher holds for alike."""

from dataclasses import dataclass

from distill_tf.errors import DistillError
from distill_tf.losses import similarity_distance
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.objective import check_offered

SIMILARITY_FEATURES = ("logits", "features")


@dataclass(frozen=True, kw_only=True)
class SimilarityObjective(Objective):
    """Squared difference of the similarities between the examples of a batch.

    Attributes:
        feature: the model output whose rows are compared with each other, "logits"
            or "features" (the vector under the head).
    """

    feature: str

    def __post_init__(self):
        if self.feature not in SIMILARITY_FEATURES:
            raise ValueError(
                f"feature must be one of {SIMILARITY_FEATURES}, but is {self.feature!r}"
            )

    @property
    def teacher_features(self):
        return {self.feature: None}

    def describe(self):
        return f"{super().describe()} ({self.feature})"

    def validate(self, student, teacher):
        check_offered(self.name, "student", student, self.feature)
        check_offered(self.name, "teacher", teacher, self.feature)
        if student[self.feature].shape[-1] == 1:
            raise DistillError(
                f"the objective {self.name} cannot teach from one number an example: "
                "all that is left of its similarities is the sign; compare features "
                "instead of logits."
            )

    def values(self, student, teacher, labels, projection):
        return similarity_distance(student[self.feature], teacher[self.feature])
