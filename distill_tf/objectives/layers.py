"""Learning from the teacher's insides, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass

from keras import ops

from distill_tf.errors import DistillError
from distill_tf.objectives.layer_pairs import LayerPairs
from distill_tf.objectives.layer_pairs import spec_of
from distill_tf.objectives.layer_pairs import teacher_layers
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.objective import check_offered
from distill_tf.objectives.projections import LayerProjections
from distill_tf.objectives.projections import SharedProjection

PROJECTIONS = ("none", "shared", "per_layer", "shared_if_widths_differ")
ATTENTION_HEADS = ("each", "mean")
FIRST_TOKEN = "first_token_states"


@dataclass(frozen=True, kw_only=True)
class LayerObjective(Objective):
    """Sum over pairs of layers of `loss(student, teacher, padding_mask)`.

    Attributes:
        loss: a token-level function of `distill_tf.losses`.
        feature: the model output that is compared, such as "hidden_states" or
            "attention_scores"; of "first_token_states" the loss is given rows of one
            token, and the models need not read the same tokens.
        layer_map: (student layer, teacher layer) pairs, indices into that output.
        projection: for hidden states: "shared" (one matrix), "per_layer", "none",
            which needs equal widths, or "shared_if_widths_differ".
        shared_key: names a "shared" matrix that other stages go on with; empty if it
            is this objective's alone.
        attention_heads: for attention scores: "each" compares head by head, which
            needs as many in both; "mean" compares the mean score over the heads. To
            a loss between probabilities that is the heads' geometric mean.
    """

    loss: Callable
    feature: str
    layer_map: LayerPairs
    projection: str = "none"
    shared_key: str = ""
    attention_heads: str = "each"

    def __post_init__(self):
        if self.projection not in PROJECTIONS:
            raise ValueError(
                f"projection must be one of {PROJECTIONS}, but is {self.projection!r}"
            )
        if self.attention_heads not in ATTENTION_HEADS:
            raise ValueError(
                f"attention_heads must be one of {ATTENTION_HEADS}, but is "
                f"{self.attention_heads!r}"
            )
        if self.attention_heads == "mean" and self.feature != "attention_scores":
            raise ValueError(
                f"attention_heads='mean' is for attention_scores, not {self.feature}"
            )

    @property
    def projection_key(self):
        is_shared = self.shared_key and self.projection == "shared"
        return self.shared_key if is_shared else self.name

    @property
    def teacher_features(self):
        return {self.feature: teacher_layers(self.layer_map), "padding_mask": None}

    @property
    def compares_tokens(self):
        return self.feature != FIRST_TOKEN

    def describe(self):
        pairs = spec_of(self.layer_map)
        of_heads = ", mean of the heads" if self.attention_heads == "mean" else ""
        return (
            f"{super().describe()} ({self.feature}{of_heads}, student:teacher {pairs})"
        )

    def validate(self, student, teacher):
        check_offered(self.name, "student", student, self.feature)
        check_offered(self.name, "teacher", teacher, self.feature)
        if not self.layer_map:
            raise DistillError(
                f"the objective {self.name} has no pair of layers to compare; name "
                "transformer layers in layer_map or set its weight to 0."
            )
        shapes = self._shapes(student, teacher)
        if self.feature == "attention_scores":
            self._check_heads(*(int(shape[1]) for shape in shapes))
        elif self.projection == "none":
            self._check_widths(*(int(shape[-1]) for shape in shapes))

    def _shapes(self, student, teacher):
        """Of the first layers that are compared; the other layers have the same."""
        return [
            outputs[self.feature][layer].shape
            for outputs, layer in zip(
                (student, teacher), self.layer_map[0], strict=True
            )
        ]

    def _check_heads(self, student_heads, teacher_heads):
        if self.attention_heads == "each" and student_heads != teacher_heads:
            raise DistillError(
                f"the objective {self.name} compares attention heads one by one, but "
                f"the student has {student_heads} and the teacher {teacher_heads}; set "
                f"student_num_attention_heads={teacher_heads}, or attention_heads=mean "
                "to compare their means."
            )

    def _check_widths(self, student_width, teacher_width):
        if student_width != teacher_width:
            raise DistillError(
                f"the objective {self.name} compares {self.feature} of width "
                f"{student_width} with {teacher_width}; give it a projection "
                "(hidden_projection=shared or per_layer)."
            )

    def build_projection(self, student, teacher, dtype):
        if self.projection == "none":
            return None
        widths = [int(shape[-1]) for shape in self._shapes(student, teacher)]
        if self.projection == "per_layer":
            layers = tuple(student_layer for student_layer, _ in self.layer_map)
            return LayerProjections(
                *widths, layers, dtype=dtype, name=f"{self.name}_projections"
            )
        if self.projection == "shared_if_widths_differ" and widths[0] == widths[1]:
            return None
        return SharedProjection(*widths, dtype=dtype, name=f"{self.name}_projection")

    def values(self, student, teacher, labels, projection):
        mask = student["padding_mask"]
        if self.feature == FIRST_TOKEN:
            mask = mask[:, :1]
        total = 0.0
        for student_layer, teacher_layer in self.layer_map:
            feature = self._compared(student, student_layer)
            if projection is not None:
                feature = projection.project(feature, student_layer)
            target = self._compared(teacher, teacher_layer)
            total += self.loss(feature, target, mask)
        return total

    def _compared(self, outputs, layer):
        feature = outputs[self.feature][layer]
        if self.feature == FIRST_TOKEN:
            return ops.expand_dims(feature, 1)
        if self.attention_heads == "each":
            return feature
        return ops.mean(ops.cast(feature, "float32"), axis=1, keepdims=True)
