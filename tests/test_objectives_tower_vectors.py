"""Objectives between the mean hidden states of towers and of a cross-encoder."""

import numpy as np
import pytest
import reference_towers
import tensorflow as tf
from tower_outputs import PADDED
from tower_outputs import make_teacher
from tower_outputs import make_towers
from tower_outputs import tower_mask

from distill_tf.errors import DistillError
from distill_tf.objectives.tower_vectors import PooledStatesObjective
from distill_tf.objectives.tower_vectors import TeacherContrastObjective
from distill_tf.objectives.tower_vectors import TowerContrastObjective

LAYER_MAP = ((1, 2), (2, 4))
TOWERS, TEACHER = make_towers(layers=2), make_teacher(layers=4)
SETTINGS = {"name": "loss", "layer_map": LAYER_MAP}
DIRECT = PooledStatesObjective(pooling="direct_mean", **SETTINGS)
MAPPED = PooledStatesObjective(pooling="map_mean", **SETTINGS)
SELF = TowerContrastObjective(positive_class=1, temperature=0.2, **SETTINGS)
SEPARATE = TeacherContrastObjective(temperature=0.2, **SETTINGS)


def states(outputs, layer):
    return outputs["hidden_states"][layer].astype(np.float64)


def means(towers, layer, inner=slice(None)):
    return {
        side: reference_towers.masked_mean(
            states(towers[side], layer)[:, inner],
            towers[side]["padding_mask"][:, inner],
        )
        for side in PADDED
    }


def teacher_mean(layer):
    return reference_towers.masked_mean(states(TEACHER, layer), TEACHER["padding_mask"])


def test_the_mean_over_both_towers_against_the_teachers():
    DIRECT.validate(TOWERS, TEACHER)
    assert DIRECT.build_projection(TOWERS, TEACHER, "float32") is None
    expected = 0.0
    for student_layer, teacher_layer in LAYER_MAP:
        both = reference_towers.masked_mean(
            np.concatenate([states(TOWERS[side], student_layer) for side in PADDED], 1),
            np.concatenate([TOWERS[side]["padding_mask"] for side in PADDED], 1),
        )
        expected += reference_towers.vector_cosine_distance(
            both, teacher_mean(teacher_layer)
        )
    found = DIRECT.values(TOWERS, TEACHER, None, None)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_both_means_through_one_trained_map():
    wide = make_teacher(layers=4, width=9)
    MAPPED.validate(TOWERS, wide)
    projection = MAPPED.build_projection(TOWERS, wide, "float32")
    assert projection.kernel.shape == (24, 9)
    kernel = projection.kernel.numpy().astype(np.float64)
    expected = 0.0
    for student_layer, teacher_layer in LAYER_MAP:
        u, v = means(TOWERS, student_layer).values()
        pair = np.concatenate([u, v, abs(u - v), np.maximum(u, v) ** 2], axis=1)
        expected += reference_towers.vector_cosine_distance(
            pair @ kernel,
            reference_towers.masked_mean(
                states(wide, teacher_layer), wide["padding_mask"]
            ),
        )
    found = MAPPED.values(TOWERS, wide, None, projection)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_text_finds_its_partner_among_those_of_the_batch():
    SELF.validate(TOWERS, None)
    assert not SELF.needs_teacher
    expected = 0.0
    for layer, _ in LAYER_MAP:
        first, second = means(TOWERS, layer).values()
        expected += reference_towers.contrastive_cross_entropy(first, second, 0.2)
    found = SELF.values(TOWERS, None, None, None)
    np.testing.assert_allclose(found, expected / 2, rtol=1e-5)
    counted = SELF.counted(tf.constant([1, 2, -1]))
    assert counted.numpy().tolist() == [1, 0, 0]


def test_the_teachers_half_finds_its_tower_among_those_of_the_batch():
    SEPARATE.validate(TOWERS, TEACHER)
    rows = PADDED["first"] + 2
    spans = {"first": slice(1, rows - 1), "second": slice(rows, -1)}
    expected = 0.0
    for student_layer, teacher_layer in LAYER_MAP:
        candidates = means(TOWERS, student_layer, inner=slice(1, -1))
        for side, span in spans.items():
            anchors = reference_towers.masked_mean(
                states(TEACHER, teacher_layer)[:, span],
                tower_mask(side)[:, 1:-1],
            )
            expected += reference_towers.contrastive_cross_entropy(
                anchors, candidates[side], 0.2
            )
    found = SEPARATE.values(TOWERS, TEACHER, None, None)
    np.testing.assert_allclose(found, expected / 4, rtol=1e-5)


@pytest.mark.parametrize("objective", [DIRECT, MAPPED, SELF, SEPARATE])
def test_padding_takes_no_part(objective):
    def dirty(outputs):
        padding = ~outputs["padding_mask"]
        changed = [array.copy() for array in outputs["hidden_states"]]
        for array in changed:
            array[padding] = np.nan
        return {**outputs, "hidden_states": changed}

    projection = objective.build_projection(TOWERS, TEACHER, "float32")
    clean = objective.values(TOWERS, TEACHER, None, projection)
    found = objective.values(
        {side: dirty(TOWERS[side]) for side in PADDED},
        dirty(TEACHER),
        None,
        projection,
    )
    np.testing.assert_array_equal(found, clean)


@pytest.mark.parametrize(
    ("objective", "mend"), [(DIRECT, "map_mean"), (SEPARATE, "checkpoint of")]
)
def test_other_widths_are_refused(objective, mend):
    with pytest.raises(DistillError, match=f"width 6 with 9; .*{mend}"):
        objective.validate(TOWERS, make_teacher(layers=4, width=9))


@pytest.mark.parametrize("objective", [DIRECT, SELF, SEPARATE])
def test_a_student_without_towers_is_refused(objective):
    with pytest.raises(DistillError, match="needs first, which this student"):
        objective.validate(TEACHER, TEACHER)


def test_an_unknown_pooling_is_refused():
    with pytest.raises(ValueError, match="pooling must be one of"):
        PooledStatesObjective(pooling="max", **SETTINGS)


def test_the_description_names_the_layers():
    assert DIRECT.describe() == "1 x loss (hidden states 1:2,2:4)"
