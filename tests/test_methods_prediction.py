"""The prediction stage that several methods end with, or consist of."""

import numpy as np
import pytest
import reference
from transformer_methods import stages_of
from transformer_methods import weights

from distill_tf.errors import DistillError
from distill_tf.methods.prediction import prediction_stage
from distill_tf.objectives import LabelObjective

STUDENT, TEACHER = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
LABELS = np.array([2, 0, 3])


def stage_with(label_weight=0.3, soft_weight=0.6, beside=(), **settings):
    def method(config, sizes):
        return prediction_stage(
            config,
            sizes,
            label_weight=label_weight,
            soft_weight=soft_weight,
            beside=beside,
        )

    return stages_of(method, **settings)


def values(objective, outputs, labels):
    student, teacher = ({"logits": logits} for logits in outputs)
    return objective.values(student, teacher, labels, None)


def test_a_stage_with_the_settings():
    beside = LabelObjective(name="beside", weight=0.1)
    stage = stage_with(beside=(beside,))
    assert (stage.name, stage.epochs, stage.learning_rate) == ("prediction", 2.5, 1e-4)
    assert (stage.schedule, stage.selects_best) == ("linear", True)
    assert weights(stage) == {"label_loss": 0.3, "soft_label_loss": 0.6, "beside": 0.1}
    assert stage.objectives[-1] is beside


def test_the_losses_of_a_classification():
    label, soft = stage_with(temperature=3.0).objectives
    np.testing.assert_allclose(
        values(label, (STUDENT, TEACHER), LABELS),
        reference.hard_label_cross_entropy(STUDENT, LABELS),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        values(soft, (STUDENT, TEACHER), LABELS),
        reference.soft_cross_entropy(STUDENT, TEACHER, 3.0),
        rtol=1e-5,
    )


def test_the_losses_of_a_regression():
    label, soft = stage_with(regression=True, temperature=3.0).objectives
    outputs = STUDENT[:, :1], TEACHER[:, :1]
    targets = np.float32([2.5, 0.25, -1.0])
    np.testing.assert_allclose(
        values(label, outputs, targets),
        reference.label_mse(outputs[0], targets),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        values(soft, outputs, targets), reference.logit_mse(*outputs), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"label_weight": 0}, ["soft_label_loss"]),
        ({"soft_weight": 0.0}, ["label_loss"]),
        (
            {"beside": (LabelObjective(name="beside", weight=0),)},
            ["label_loss", "soft_label_loss"],
        ),
    ],
    ids=str,
)
def test_what_has_no_weight_is_left_out(settings, names):
    assert list(weights(stage_with(**settings))) == names


def test_nothing_to_learn_is_refused():
    with pytest.raises(DistillError, match="nothing to learn from, .* set one above 0"):
        stage_with(label_weight=0, soft_weight=0)
