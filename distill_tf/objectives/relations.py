"""Learning how the teacher's tokens relate to each other."""

import math
from dataclasses import dataclass

from distill_tf.errors import DistillError
from distill_tf.losses.relations import relation_kl
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.objective import check_offered

RELATION_FEATURES = ("queries", "keys", "values")
# What MiniLMv2 takes for base-size models.
_MOST_RELATION_HEADS = 48


@dataclass(frozen=True, kw_only=True)
class RelationObjective(Objective):
    """MiniLM's relations between one layer of the student and one of the teacher.

    Attributes:
        feature: what is related, "queries", "keys" or "values".
        layers: (student layer, teacher layer), indices into that output.
        relation_heads: into how many relation heads the width is split; None: as many
            as divide both widths, up to 48.
    """

    feature: str
    layers: tuple[int, int]
    relation_heads: int | None = None

    def __post_init__(self):
        if self.feature not in RELATION_FEATURES:
            raise ValueError(
                f"feature must be one of {RELATION_FEATURES}, but is {self.feature!r}"
            )

    @property
    def teacher_features(self):
        return {self.feature: self.layers[1:], "padding_mask": None}

    @property
    def compares_tokens(self):
        return True

    def describe(self):
        return (
            f"{super().describe()} ({self.feature}, student:teacher "
            f"{self.layers[0]}:{self.layers[1]})"
        )

    def validate(self, student, teacher):
        check_offered(self.name, "student", student, self.feature)
        check_offered(self.name, "teacher", teacher, self.feature)
        heads, widths = self.relation_heads, self._widths(student, teacher)
        if heads is not None and any(width % heads for width in widths):
            raise DistillError(
                f"the objective {self.name} splits the student's width {widths[0]} and "
                f"the teacher's {widths[1]} into {heads} relation heads, which must "
                f"divide both; set minilm_relation_heads={_common(widths, heads)}."
            )

    def values(self, student, teacher, labels, projection):
        student_layer, teacher_layer = self.layers
        return relation_kl(
            student[self.feature][student_layer],
            teacher[self.feature][teacher_layer],
            student["padding_mask"],
            self.relation_heads
            or _common(self._widths(student, teacher), _MOST_RELATION_HEADS),
        )

    def _widths(self, student, teacher):
        shapes = [
            outputs[self.feature][layer].shape
            for outputs, layer in zip((student, teacher), self.layers, strict=True)
        ]
        return [int(shape[1]) * int(shape[3]) for shape in shapes]


def _common(widths, most):
    """The largest common divisor that is no larger than `most`."""
    divisor = math.gcd(*widths)
    return max(n for n in range(1, most + 1) if divisor % n == 0)
