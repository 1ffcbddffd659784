"""Method similarity: labels, logits and Gram matrices in one stage."""

import numpy as np
import pytest
import reference

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods import Sizes
from distill_tf.methods.similarity import similarity

GENERATOR = np.random.default_rng(0)
STUDENT, TEACHER = (
    {
        "logits": GENERATOR.normal(size=(3, 2)).astype(np.float32),
        "features": GENERATOR.normal(size=(3, width)).astype(np.float32),
    }
    for width in (5, 8)
)


def similarity_stage(regression=False, **settings):
    sizes = Sizes(student_layers=2, teacher_layers=3, regression=regression)
    (stage,) = similarity(DistillConfig(**settings), sizes)
    return stage


def test_one_stage_with_the_settings():
    stage = similarity_stage(num_train_epochs=2.5, learning_rate=1e-4)
    assert (stage.name, stage.epochs, stage.learning_rate) == ("prediction", 2.5, 1e-4)
    assert (stage.schedule, stage.selects_best) == ("linear", True)
    assert stage.needs_teacher


@pytest.mark.parametrize(
    ("settings", "weights"),
    [
        ({}, {"label_loss": 1, "logit_loss": 1, "similarity_loss": 1}),
        (
            {"similarity_weight": 3000.0, "logit_mse_weight": 0.0},
            {"label_loss": 1, "similarity_loss": 3000},
        ),
        ({"similarity_weight": 0.0}, {"label_loss": 1, "logit_loss": 1}),
    ],
    ids=str,
)
def test_what_has_no_weight_is_left_out(settings, weights):
    stage = similarity_stage(**settings)
    assert {each.name: each.weight for each in stage.objectives} == weights


@pytest.mark.parametrize("feature", ["logits", "features"])
def test_the_losses(feature):
    label, logit, similar = similarity_stage(similarity_feature=feature).objectives
    labels = np.array([1, 0, 1])
    for objective, expected in (
        (label, reference.hard_label_cross_entropy(STUDENT["logits"], labels)),
        (logit, reference.logit_mse(STUDENT["logits"], TEACHER["logits"])),
        (similar, reference.similarity_distance(STUDENT[feature], TEACHER[feature])),
    ):
        objective.validate(STUDENT, TEACHER)
        found = objective.values(STUDENT, TEACHER, labels, None)
        np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_regression_compares_features():
    student, teacher = (
        {**outputs, "logits": outputs["logits"][:, :1]}
        for outputs in (STUDENT, TEACHER)
    )
    stage = similarity_stage(regression=True, similarity_feature="features")
    for objective in stage.objectives:
        objective.validate(student, teacher)
    assert stage.objectives[0].regression
    *_, similar = similarity_stage(regression=True).objectives
    with pytest.raises(DistillError, match="compare features instead of logits"):
        similar.validate(student, teacher)
