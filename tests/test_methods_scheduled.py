"""Schedules of any method's weights and temperatures."""

import pytest
from transformer_methods import stages_of
from transformer_methods import weights

from distill_tf.errors import DistillError
from distill_tf.methods import METHODS
from distill_tf.methods.distilbert import distilbert
from distill_tf.methods.minilm import minilm
from distill_tf.methods.scheduled import scheduled
from distill_tf.objectives.schedule import Schedule
from distill_tf.objectives.schedule import linear_decay
from distill_tf.objectives.schedule import warm_up


def scheduled_stages(method, **settings):
    return stages_of(
        lambda config, sizes: scheduled(method(config, sizes), config), **settings
    )


def test_by_default_nothing_changes():
    assert [weights(stage) for stage in scheduled_stages(minilm)] == [
        weights(stage) for stage in stages_of(minilm)
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"teacher_weight_schedule": "linear_decay"},
            {
                "label_loss": 2.0,
                "soft_label_loss": linear_decay(5.0),
                "cosine_loss": linear_decay(1.0),
            },
        ),
        (
            {"teacher_weight_schedule": "warm_up", "teacher_weight_warmup": 0.3},
            {
                "label_loss": 2.0,
                "soft_label_loss": warm_up(5.0, share=0.3),
                "cosine_loss": warm_up(1.0, share=0.3),
            },
        ),
    ],
    ids=str,
)
def test_what_comes_from_the_teacher_follows_the_schedule(settings, expected):
    (stage,) = scheduled_stages(distilbert, **settings)
    assert weights(stage) == expected
    assert stage.epochs == 2.5


def test_every_stage_is_scheduled():
    for stage in scheduled_stages(minilm, teacher_weight_schedule="linear_decay"):
        for objective in stage.objectives:
            changes = objective.weight == linear_decay(
                1.0 if stage.name == "relations" else 1 - 0.8
            )
            assert changes == objective.needs_teacher


@pytest.mark.parametrize("method", ["kd", "tinybert"])
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"temperature_schedule": "linear_decay"}, Schedule(((0, 4), (1, 1)))),
        (
            {"temperature_schedule": "warm_up", "temperature_warmup": 0.3},
            Schedule(((0, 1), (0.3, 4))),
        ),
    ],
    ids=["falls to 1", "rises from 1"],
)
def test_the_temperature_follows_its_schedule(method, settings, expected):
    *_, stage = scheduled_stages(METHODS[method], temperature=4.0, **settings)
    (soft,) = (o for o in stage.objectives if o.name == "soft_label_loss")
    assert soft.loss.keywords["temperature"] == expected


@pytest.mark.parametrize(
    ("method", "settings"), [("theseus", {}), ("none", {}), ("kd", {"kd_alpha": 1.0})]
)
def test_without_a_term_from_the_teacher_its_schedule_is_refused(method, settings):
    with pytest.raises(DistillError, match="nothing from the teacher whose .*; leave"):
        scheduled_stages(
            METHODS[method], teacher_weight_schedule="linear_decay", **settings
        )


@pytest.mark.parametrize("schedule", ["linear_decay", "warm_up"])
def test_a_temperature_that_is_1_cannot_change(schedule):
    with pytest.raises(DistillError, match="or to 1, where it is already; set temper"):
        scheduled_stages(METHODS["kd"], temperature_schedule=schedule)


def test_without_a_temperature_its_schedule_is_refused():
    with pytest.raises(DistillError, match="no temperature that could change; leave"):
        scheduled_stages(
            METHODS["tang"], temperature=2.0, temperature_schedule="linear_decay"
        )
