"""Learning the attention that a cross-encoder pays from one text to the other."""

from dataclasses import dataclass

from keras import ops

from distill_tf.errors import DistillError
from distill_tf.losses import attention_map_mse
from distill_tf.models.interactions import SIDES
from distill_tf.objectives.layer_pairs import LayerPairs
from distill_tf.objectives.layer_pairs import spec_of
from distill_tf.objectives.layer_pairs import teacher_layers
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.objective import check_offered
from distill_tf.objectives.tower_alignment import check_aligned_towers
from distill_tf.objectives.tower_alignment import teacher_tokens
from distill_tf.objectives.tower_alignment import tower_tokens


@dataclass(frozen=True, kw_only=True)
class AttentionMapObjective(Objective):
    """VIRT's attention maps: mean over pairs of layers, sum of both directions.

    The towers' queries of one text and keys of the other make the attention that they
    would pay each other; the teacher's scores from the one text to the other are what
    it is compared with, [CLS] and [SEP] left out on both sides (see
    `distill_tf.losses.attention_map_mse`).

    Attributes:
        layer_map: (tower layer, teacher layer) pairs, counted from 0.
        lengths: tokens of a text at most, on each side: what the mean over keys
            divides by, however far a batch is padded.
        counts_padding: whether padded queries count in the mean, as in the official
            code; then every batch must be padded to `lengths`.
    """

    layer_map: LayerPairs
    lengths: tuple[int, int]
    counts_padding: bool = False

    @property
    def teacher_features(self):
        return {
            "attention_scores": teacher_layers(self.layer_map),
            "padding_mask": None,
        }

    @property
    def reads_padding(self):
        return self.counts_padding

    def describe(self):
        pairs = spec_of(self.layer_map)
        padding = ", padded queries count" if self.counts_padding else ""
        return f"{super().describe()} (student:teacher {pairs}{padding})"

    def validate(self, student, teacher):
        check_aligned_towers(self.name, student, teacher)
        check_offered(self.name, "teacher", teacher, "attention_scores")
        self._check_heads(student, teacher)
        if self.counts_padding:
            self._check_full_length(student)

    def _check_heads(self, student, teacher):
        student_layer, teacher_layer = self.layer_map[0]
        heads = [
            int(student["first"]["queries"][student_layer].shape[1]),
            int(teacher["attention_scores"][teacher_layer].shape[1]),
        ]
        if heads[0] != heads[1]:
            raise DistillError(
                f"the objective {self.name} compares attention heads one by one, but "
                f"the student has {heads[0]} and the teacher {heads[1]}; start "
                "the student from a checkpoint with as many, or leave use_kd_att out."
            )

    def _check_full_length(self, student):
        lengths = tuple(
            int(tower_tokens(student[side]["padding_mask"], axis=1).shape[1])
            for side in SIDES
        )
        if lengths != self.lengths:
            raise DistillError(
                f"the objective {self.name} counts padded tokens, so that texts must "
                f"be padded to {self.lengths} tokens, but they are padded to "
                f"{lengths}; leave strict_virt out."
            )

    def values(self, student, teacher, labels, projection):
        total = 0.0
        for student_layer, teacher_layer in self.layer_map:
            scores = teacher["attention_scores"][teacher_layer]
            total += self._one_way(student, student_layer, scores, SIDES)
            total += self._one_way(student, student_layer, scores, SIDES[::-1])
        return total / len(self.layer_map)

    def _one_way(self, student, layer, scores, sides):
        """From the tokens of one side to those of the other."""
        query_side, key_side = sides
        masks = {
            side: tower_tokens(student[side]["padding_mask"], axis=1) for side in SIDES
        }
        query_mask = masks[query_side]
        if self.counts_padding:
            query_mask = ops.ones_like(query_mask)
        first_length = ops.shape(masks["first"])[1]
        block = teacher_tokens(scores, query_side, first_length, axis=2)
        block = teacher_tokens(block, key_side, first_length, axis=3)
        return attention_map_mse(
            tower_tokens(student[query_side]["queries"][layer], axis=2),
            tower_tokens(student[key_side]["keys"][layer], axis=2),
            block,
            query_mask,
            masks[key_side],
            self.lengths[SIDES.index(key_side)],
        )
