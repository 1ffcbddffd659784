"""Method minilm: its two stages as data."""

import pytest
from transformer_methods import stages_of
from transformer_methods import weights

from distill_tf.errors import DistillError
from distill_tf.losses.relations import attention_kl
from distill_tf.methods.kd import kd
from distill_tf.methods.minilm import minilm


def test_both_stages():
    relations, prediction = stages_of(minilm)
    assert (relations.name, prediction.name) == ("relations", "prediction")
    assert (relations.epochs, relations.learning_rate) == (7.0, 2e-4)
    assert (relations.schedule, relations.selects_best) == ("constant", False)
    assert relations.needs_teacher


@pytest.mark.parametrize("regression", [False, True])
def test_the_second_stage_is_kd(regression):
    settings = {"regression": regression, "kd_alpha": 0.6}
    (expected,) = stages_of(kd, **settings)
    prediction = stages_of(minilm, **settings)[1]
    assert weights(prediction) == weights(expected)
    assert weights(prediction) == pytest.approx(
        {"label_loss": 0.6, "soft_label_loss": 0.4}
    )
    assert (prediction.name, prediction.epochs) == (expected.name, expected.epochs)


def test_v2_relates_queries_keys_and_values_of_the_last_layers():
    relations = stages_of(minilm, minilm_relation_heads=24)[0].objectives
    assert [(o.name, o.feature) for o in relations] == [
        ("query_relation_loss", "queries"),
        ("key_relation_loss", "keys"),
        ("value_relation_loss", "values"),
    ]
    assert {o.layers for o in relations} == {(3, 11)}
    assert {o.weight for o in relations} == {1.0}
    assert {o.relation_heads for o in relations} == {24}


def test_v2_leaves_the_relation_heads_to_the_widths():
    relations = stages_of(minilm)[0].objectives
    assert {o.relation_heads for o in relations} == {None}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_another_teacher_layer(version):
    # Of a large teacher, not the last one.
    settings = {"minilm_teacher_layer": 20, "teacher_layers": 24}
    objectives = stages_of(minilm, minilm_version=version, **settings)[0].objectives
    layers = [o.layers if hasattr(o, "layers") else o.layer_map[0] for o in objectives]
    assert set(layers) == {(3, 20)}


@pytest.mark.parametrize(
    ("settings", "heads", "relation_heads"),
    [
        # The student's attention heads, of which the teacher must have as many.
        ({}, "each", 3),
        ({"minilm_relation_heads": 6}, "each", 6),
        ({"attention_heads": "mean"}, "mean", None),
    ],
    ids=str,
)
def test_v1_compares_attention_and_relates_values(settings, heads, relation_heads):
    settings = {"minilm_version": "v1", **settings}
    attention, values = stages_of(minilm, **settings)[0].objectives
    assert (attention.name, attention.feature) == ("attention_loss", "attention_scores")
    assert attention.loss is attention_kl
    assert attention.layer_map == ((3, 11),)
    assert attention.attention_heads == heads
    assert (values.name, values.feature) == ("value_relation_loss", "values")
    assert values.layers == (3, 11)
    assert values.relation_heads == relation_heads
    assert attention.weight == values.weight == 1.0


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"intermediate_distill": False}, ["prediction"]),
        ({"pred_distill": False}, ["relations"]),
    ],
    ids=str,
)
def test_one_stage_alone(settings, names):
    assert [stage.name for stage in stages_of(minilm, **settings)] == names


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"intermediate_distill": False, "pred_distill": False},
            "both are switched off",
        ),
        ({"minilm_teacher_layer": 12}, "is 12, but the teacher has layers 0 to 11"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused(settings, message):
    with pytest.raises(DistillError, match=message):
        stages_of(minilm, **settings)
