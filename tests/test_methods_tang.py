"""Method tang: labels and the teacher's logits in one stage."""

import numpy as np
import pytest
import reference
from transformer_methods import weights

from distill_tf.config import DistillConfig
from distill_tf.methods import Sizes
from distill_tf.methods.tang import tang

STUDENT, TEACHER = np.random.default_rng(0).normal(size=(2, 3, 2)).astype(np.float32)


def tang_stage(regression=False, **settings):
    sizes = Sizes(student_layers=2, teacher_layers=3, regression=regression)
    (stage,) = tang(DistillConfig(**settings), sizes)
    return stage


def test_one_stage_with_the_settings():
    stage = tang_stage(num_train_epochs=2.5, learning_rate=1e-4)
    assert (stage.name, stage.epochs, stage.learning_rate) == ("prediction", 2.5, 1e-4)
    assert (stage.schedule, stage.selects_best) == ("linear", True)
    assert stage.needs_teacher


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"logit_loss": 1.0}),
        ({"tang_alpha": 0.25}, {"label_loss": 0.25, "logit_loss": 0.75}),
    ],
    ids=str,
)
def test_alpha_is_the_share_of_the_labels(settings, expected):
    assert weights(tang_stage(**settings)) == expected


@pytest.mark.parametrize("regression", [False, True])
def test_the_losses(regression):
    width = 1 if regression else 2
    labels = np.float32([0.5, 2.0, -1.0]) if regression else np.array([1, 0, 1])
    student, teacher = ({"logits": logits[:, :width]} for logits in (STUDENT, TEACHER))
    label, logit = tang_stage(regression, tang_alpha=0.5).objectives
    for objective, expected in (
        (
            label,
            (reference.label_mse if regression else reference.hard_label_cross_entropy)(
                student["logits"], labels
            ),
        ),
        (logit, reference.logit_mse(student["logits"], teacher["logits"])),
    ):
        objective.validate(student, teacher)
        found = objective.values(student, teacher, labels, None)
        np.testing.assert_allclose(found, expected, rtol=1e-5)
