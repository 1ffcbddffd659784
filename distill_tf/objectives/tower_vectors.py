"""Learning from a cross-encoder through one vector a text, or a pair, and layer."""

from dataclasses import dataclass
from functools import partial

from keras import ops

from distill_tf.errors import DistillError
from distill_tf.losses import contrastive_cross_entropy
from distill_tf.losses import vector_cosine_distance
from distill_tf.models.interactions import SIDES
from distill_tf.models.masked_pooling import masked_mean
from distill_tf.models.pair_features import PAIR_WIDTH
from distill_tf.models.pair_features import concat_diff_squared_max
from distill_tf.objectives.layer_pairs import LayerPairs
from distill_tf.objectives.layer_pairs import spec_of
from distill_tf.objectives.layer_pairs import teacher_layers
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.objective import check_offered
from distill_tf.objectives.projections import SharedProjection
from distill_tf.objectives.tower_alignment import check_aligned_towers
from distill_tf.objectives.tower_alignment import teacher_tokens
from distill_tf.objectives.tower_alignment import tower_tokens

POOLED_STATES = ("direct_mean", "map_mean")


@dataclass(frozen=True, kw_only=True)
class TowerVectorObjective(Objective):
    """What the objectives share: pairs of layers whose hidden states are averaged.

    Attributes:
        layer_map: (student, teacher) pairs, indices into hidden_states.
    """

    layer_map: LayerPairs

    _mend = "start the student from a checkpoint of the teacher's width"

    @property
    def teacher_features(self):
        return {"hidden_states": teacher_layers(self.layer_map), "padding_mask": None}

    def describe(self):
        pairs = spec_of(self.layer_map)
        return f"{super().describe()} (hidden states {pairs})"

    def validate(self, student, teacher):
        for side in SIDES:
            check_offered(self.name, "student", student, side)

    def _check_widths(self, student, teacher):
        widths = [
            int(outputs["hidden_states"][layer].shape[-1])
            for outputs, layer in zip(
                (student["first"], teacher), self.layer_map[0], strict=True
            )
        ]
        if widths[0] != widths[1]:
            raise DistillError(
                f"the objective {self.name} compares hidden states of width "
                f"{widths[0]} with {widths[1]}; {self._mend}."
            )


@dataclass(frozen=True, kw_only=True)
class PooledStatesObjective(TowerVectorObjective):
    """Sum over layers of the cosine distance to the mean of the teacher's states.

    Attributes:
        pooling: "direct_mean", the mean over the tokens of both towers; or "map_mean",
            [u; v; |u - v|; max(u, v)^2] of the towers' means through one trained map.
    """

    pooling: str

    _mend = "set layer_distill_mode=map_mean, which maps them"

    def __post_init__(self):
        if self.pooling not in POOLED_STATES:
            raise ValueError(
                f"pooling must be one of {POOLED_STATES}, but is {self.pooling!r}"
            )

    def validate(self, student, teacher):
        super().validate(student, teacher)
        check_offered(self.name, "teacher", teacher, "hidden_states")
        if self.pooling == "direct_mean":
            self._check_widths(student, teacher)

    def build_projection(self, student, teacher, dtype):
        if self.pooling == "direct_mean":
            return None
        return SharedProjection(
            PAIR_WIDTH * int(student["first"]["hidden_states"][-1].shape[-1]),
            int(teacher["hidden_states"][self.layer_map[0][1]].shape[-1]),
            dtype=dtype,
            name=f"{self.name}_projection",
        )

    def values(self, student, teacher, labels, projection):
        total = 0.0
        for student_layer, teacher_layer in self.layer_map:
            states = [student[side]["hidden_states"][student_layer] for side in SIDES]
            masks = [student[side]["padding_mask"] for side in SIDES]
            if projection is None:
                vector = masked_mean(
                    ops.concatenate(states, axis=1), ops.concatenate(masks, axis=1)
                )
            else:
                vector = projection(
                    concat_diff_squared_max(*map(masked_mean, states, masks))
                )
            target = masked_mean(
                teacher["hidden_states"][teacher_layer], teacher["padding_mask"]
            )
            total += vector_cosine_distance(vector, target)
        return total


@dataclass(frozen=True, kw_only=True)
class TowerContrastObjective(TowerVectorObjective):
    """Which second text of the batch belongs to a first one; mean over layers.

    Only pairs of one class count, those whose texts belong together; the second texts
    of all pairs are there to choose from.

    Attributes:
        positive_class: the label that says so.
        temperature: of the cosines.
    """

    positive_class: int
    temperature: float

    @property
    def teacher_features(self):
        return {}

    def describe(self):
        return f"{super().describe()} of class {self.positive_class}"

    def values(self, student, teacher, labels, projection):
        total = 0.0
        for layer, _ in self.layer_map:
            total += contrastive_cross_entropy(
                *(
                    masked_mean(
                        student[side]["hidden_states"][layer],
                        student[side]["padding_mask"],
                    )
                    for side in SIDES
                ),
                self.temperature,
            )
        return total / len(self.layer_map)

    def counted(self, labels):
        return ops.cast(ops.equal(labels, self.positive_class), "float32")


@dataclass(frozen=True, kw_only=True)
class TeacherContrastObjective(TowerVectorObjective):
    """Which tower vector of the batch belongs to the teacher's; mean over layers.

    Each text by itself: the mean of its tokens' states in the teacher is the anchor,
    the means in its tower are what there is to choose from.

    Attributes:
        temperature: of the cosines.
    """

    temperature: float

    def validate(self, student, teacher):
        check_aligned_towers(self.name, student, teacher)
        check_offered(self.name, "teacher", teacher, "hidden_states")
        self._check_widths(student, teacher)

    def values(self, student, teacher, labels, projection):
        total = 0.0
        for student_layer, teacher_layer in self.layer_map:
            for side in SIDES:
                tokens = partial(
                    teacher_tokens,
                    side=side,
                    first_length=ops.shape(student["first"]["padding_mask"])[1] - 2,
                    axis=1,
                )
                anchors = masked_mean(
                    tokens(teacher["hidden_states"][teacher_layer]),
                    tokens(teacher["padding_mask"]),
                )
                candidates = masked_mean(
                    tower_tokens(student[side]["hidden_states"][student_layer], axis=1),
                    tower_tokens(student[side]["padding_mask"], axis=1),
                )
                total += contrastive_cross_entropy(
                    anchors, candidates, self.temperature
                )
        return total / (len(SIDES) * len(self.layer_map))
