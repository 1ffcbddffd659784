"""Schedules: their values, and objectives as they are at a moment of the training."""

from functools import partial

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.losses import soft_cross_entropy
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import LogitObjective
from distill_tf.objectives.schedule import Schedule
from distill_tf.objectives.schedule import at_progress
from distill_tf.objectives.schedule import linear_decay
from distill_tf.objectives.schedule import warm_up


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (linear_decay(4.0), [4.0, 3.0, 2.0, 1.0, 0.0]),
        (linear_decay(5.0, end=1.0), [5.0, 4.0, 3.0, 2.0, 1.0]),
        (warm_up(3.0, share=0.5), [0.0, 1.5, 3.0, 3.0, 3.0]),
        (warm_up(2.0, share=1.0), [0.0, 0.5, 1.0, 1.5, 2.0]),
        (Schedule(((0.5, 7.0),)), [7.0] * 5),
        # Flat, up, down, flat.
        (
            Schedule(((0.25, 1.0), (0.5, 3.0), (0.75, 2.0))),
            [1.0, 1.0, 3.0, 2.0, 2.0],
        ),
    ],
    ids=str,
)
def test_values_at_quarters(schedule, expected):
    quarters = [0.0, 0.25, 0.5, 0.75, 1.0]
    assert [float(schedule(quarter)) for quarter in quarters] == expected
    assert [float(schedule(tf.constant(q))) for q in quarters] == expected


def test_a_step_may_be_traced():
    schedule = warm_up(3.0, share=0.2)
    traced = tf.function(lambda step: schedule(tf.cast(step, "float32") / 10))
    values = [float(traced(tf.constant(step))) for step in (0, 1, 2, 9)]
    np.testing.assert_allclose(values, [0.0, 1.5, 3.0, 3.0], rtol=1e-6)


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((0.5, 1.0), (0.5, 2.0)),
        ((0.5, 1.0), (0.2, 2.0)),
        ((-0.1, 1.0),),
        ((1.1, 1.0),),
    ],
    ids=str,
)
def test_points_out_of_order_are_refused(points):
    with pytest.raises(ValueError, match="progress rising from 0 to 1"):
        Schedule(points)


def test_an_objective_at_a_moment_has_the_weight_of_that_moment():
    objective = LabelObjective(name="label_loss", weight=warm_up(0.8, share=0.5))
    moment = at_progress(objective, 0.25)
    assert float(moment.weight) == pytest.approx(0.4)
    assert (moment.name, moment.regression) == ("label_loss", False)
    assert objective.describe() == "0@0,0.8@0.5 x label_loss"


def test_a_temperature_is_a_keyword_of_the_loss():
    loss = partial(soft_cross_entropy, temperature=linear_decay(5.0, end=1.0))
    objective = LogitObjective(name="soft_label_loss", loss=loss)
    student, teacher = np.random.default_rng(0).normal(size=(2, 3, 4))
    outputs = {"logits": student}, {"logits": teacher}
    values = at_progress(objective, 0.75).values(*outputs, None, None)
    expected = soft_cross_entropy(student, teacher, temperature=2.0)
    np.testing.assert_allclose(values, expected, rtol=1e-6)


@pytest.mark.parametrize("loss", [soft_cross_entropy, partial(soft_cross_entropy)])
def test_without_a_schedule_nothing_changes(loss):
    objective = LogitObjective(name="soft_label_loss", weight=0.3, loss=loss)
    assert at_progress(objective, 0.5) is objective
