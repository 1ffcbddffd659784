"""Learning from the teacher's insides, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.projections import LayerProjections
from distill_tf.objectives.projections import SharedProjection

PROJECTIONS = ("none", "shared", "per_layer")


@dataclass(frozen=True, kw_only=True)
class LayerObjective(Objective):
    """Sum over pairs of layers of `loss(student, teacher, padding_mask)`.

    Attributes:
        loss: a token-level function of `distill_tf.losses`.
        feature: the model output that is compared, such as "hidden_states" or
            "attention_scores".
        layer_map: (student layer, teacher layer) pairs, indices into that output.
        projection: for hidden states: "shared" (one matrix), "per_layer", or
            "none", which needs equal widths.
    """

    loss: Callable
    feature: str
    layer_map: tuple[tuple[int, int], ...]
    projection: str = "none"

    def __post_init__(self):
        if self.projection not in PROJECTIONS:
            raise ValueError(
                f"projection must be one of {PROJECTIONS}, but is {self.projection!r}"
            )

    def describe(self):
        pairs = ",".join(f"{student}:{teacher}" for student, teacher in self.layer_map)
        return f"{super().describe()} ({self.feature}, student:teacher {pairs})"

    def validate(self, student, teacher):
        for owner, outputs in (("student", student), ("teacher", teacher)):
            if self.feature not in outputs:
                raise DistillError(
                    f"the objective {self.name} needs {self.feature}, which this "
                    f"{owner} does not give; choose another method."
                )
        if not self.layer_map:
            raise DistillError(
                f"the objective {self.name} has no pair of layers to compare; name "
                "transformer layers in layer_map or set its weight to 0."
            )
        _check_same_tokens(self.name, student, teacher)
        pairs = [
            (student[self.feature][i], teacher[self.feature][j])
            for i, j in self.layer_map
        ]
        if self.feature == "attention_scores":
            heads = [int(tensor.shape[1]) for tensor in pairs[0]]
            if heads[0] != heads[1]:
                raise DistillError(
                    f"the objective {self.name} compares attention heads one by one, "
                    f"but the student has {heads[0]} and the teacher {heads[1]}; set "
                    f"student_num_attention_heads={heads[1]} or attention_weight=0."
                )
        elif self.projection == "none":
            widths = [int(tensor.shape[-1]) for tensor in pairs[0]]
            if widths[0] != widths[1]:
                raise DistillError(
                    f"the objective {self.name} compares {self.feature} of width "
                    f"{widths[0]} with {widths[1]}; give it a projection."
                )

    def build_projection(self, student, teacher, dtype):
        if self.projection == "none":
            return None
        widths = [
            int(outputs[self.feature][0].shape[-1]) for outputs in (student, teacher)
        ]
        if self.projection == "shared":
            return SharedProjection(
                *widths, dtype=dtype, name=f"{self.name}_projection"
            )
        layers = tuple(student_layer for student_layer, _ in self.layer_map)
        return LayerProjections(
            *widths, layers, dtype=dtype, name=f"{self.name}_projections"
        )

    def values(self, student, teacher, labels, projection):
        total = 0.0
        for student_layer, teacher_layer in self.layer_map:
            feature = student[self.feature][student_layer]
            if projection is not None:
                feature = projection.project(feature, student_layer)
            target = teacher[self.feature][teacher_layer]
            total += self.loss(feature, target, student["padding_mask"])
        return total


def _check_same_tokens(name, student, teacher):
    # Batches are padded to rounded lengths, so equal shapes alone would prove little.
    lengths = [
        np.asarray(outputs["padding_mask"]).sum(axis=1).tolist()
        for outputs in (student, teacher)
    ]
    if lengths[0] != lengths[1]:
        raise DistillError(
            f"the objective {name} compares token by token, but the student reads "
            f"{lengths[0]} tokens where the teacher reads {lengths[1]}; let both use "
            "the same vocabulary."
        )
