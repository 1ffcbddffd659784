"""Attention maps of two towers: what is compared with what, and on which scale."""

import numpy as np
import pytest
import reference_towers
import tensorflow as tf
from tower_outputs import HEADS
from tower_outputs import PADDED
from tower_outputs import SIZE
from tower_outputs import WIDTH
from tower_outputs import blocks
from tower_outputs import make_teacher
from tower_outputs import make_towers
from tower_outputs import with_agreeing_scores

from distill_tf.errors import DistillError
from distill_tf.objectives.attention_maps import AttentionMapObjective

# As many tokens as the texts may have; the batch is padded to fewer.
LENGTHS = (7, 9)
LAYER_MAP = ((0, 1), (1, 3))
TOWERS, TEACHER = make_towers(layers=2), make_teacher(layers=4)


def objective(**changes):
    settings = {"name": "attention_map_loss", "layer_map": LAYER_MAP}
    return AttentionMapObjective(**{**settings, "lengths": LENGTHS, **changes})


def values(towers=TOWERS, teacher=TEACHER, **changes):
    return objective(**changes).values(towers, teacher, None, None).numpy()


@pytest.mark.parametrize("layer_map", [LAYER_MAP, ((1, 0),)])
def test_both_directions_of_every_pair_of_layers(layer_map):
    objective(layer_map=layer_map).validate(TOWERS, TEACHER)
    expected = reference_towers.cross_attention_loss(
        TOWERS, TEACHER["attention_scores"], layer_map, LENGTHS
    )
    np.testing.assert_allclose(values(layer_map=layer_map), expected, rtol=1e-5)


def test_it_is_zero_where_the_towers_attend_as_the_teacher_does():
    teacher = with_agreeing_scores(TEACHER, TOWERS, LAYER_MAP)
    np.testing.assert_allclose(values(teacher=teacher), 0, atol=1e-12)
    # The reverse map compares other layers, which differ.
    assert values(teacher=teacher, layer_map=((0, 3), (1, 1))).min() > 1e-3


@pytest.mark.parametrize("query", ["first", "second"])
def test_either_direction_alone_keeps_it_above_zero(query):
    teacher = with_agreeing_scores(TEACHER, TOWERS, LAYER_MAP)
    blocks(teacher["attention_scores"][3])[query][:, :, 0, 0] += 1.0
    assert (values(teacher=teacher) > 1e-4).all()


def test_special_tokens_and_attention_within_a_text_take_no_part():
    changed = [np.full_like(x, np.nan) for x in TEACHER["attention_scores"]]
    for new, old in zip(changed, TEACHER["attention_scores"], strict=True):
        for query in PADDED:
            blocks(new)[query][...] = blocks(old)[query]
    np.testing.assert_array_equal(
        values(teacher={**TEACHER, "attention_scores": changed}), values()
    )


def test_strictly_the_plain_mean_of_full_rows_with_padded_queries():
    full = tuple(PADDED.values())
    strict = objective(lengths=full, counts_padding=True)
    strict.validate(TOWERS, TEACHER)
    expected = reference_towers.cross_attention_loss(
        TOWERS, TEACHER["attention_scores"], LAYER_MAP, full, strict=True
    )
    found = strict.values(TOWERS, TEACHER, None, None).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert not np.allclose(found, values(lengths=full), rtol=1e-2)
    assert "padded queries count" in strict.describe()


def test_strictly_a_batch_padded_to_less_is_refused():
    with pytest.raises(DistillError, match=r"to \(7, 9\) tokens, .* \(4, 5\);"):
        objective(counts_padding=True).validate(TOWERS, TEACHER)


def test_it_works_in_a_graph_of_unknown_lengths():
    tensors = tf.nest.map_structure(tf.constant, (TOWERS, TEACHER))
    # Heads and their size are known, batch and lengths are not.
    specs = tf.nest.map_structure(
        lambda x: tf.TensorSpec(
            [
                n if i and n in (HEADS, SIZE, WIDTH) else None
                for i, n in enumerate(x.shape)
            ],
            x.dtype,
        ),
        tensors,
    )
    traced = tf.function(
        lambda towers, teacher: objective().values(towers, teacher, None, None),
        input_signature=specs,
    )
    np.testing.assert_allclose(traced(*tensors), values(), rtol=1e-6)


def test_a_teacher_of_another_layout_is_refused():
    teacher = make_teacher(layers=4)
    # [CLS] a [SEP] b [SEP] PAD.
    tokens = teacher["padding_mask"].sum(axis=1)
    length = teacher["padding_mask"].shape[1]
    teacher["padding_mask"] = np.arange(length) < tokens[:, None]
    with pytest.raises(DistillError, match="--input_layout=bipartite"):
        objective().validate(TOWERS, teacher)


def test_a_student_without_towers_is_refused():
    with pytest.raises(DistillError, match="needs first, which this student"):
        objective().validate(TEACHER, TEACHER)


def test_a_teacher_without_attention_is_refused():
    teacher = {"padding_mask": TEACHER["padding_mask"]}
    with pytest.raises(DistillError, match="needs attention_scores, which this teach"):
        objective().validate(TOWERS, teacher)


def test_other_heads_are_refused():
    teacher = make_teacher(layers=4, heads=3)
    with pytest.raises(DistillError, match="student has 2 and the teacher 3; start"):
        objective().validate(TOWERS, teacher)


def test_the_description_names_the_layers():
    assert objective(weight=700.0).describe() == (
        "700 x attention_map_loss (student:teacher 0:1,1:3)"
    )
