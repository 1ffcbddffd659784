"""Method kd: labels and soft labels in one stage."""

import numpy as np
import pytest
import reference
from transformer_methods import weights

from distill_tf.config import DistillConfig
from distill_tf.methods import Sizes
from distill_tf.methods.kd import kd

STUDENT = np.array([[0.3, -1.0, 2.0], [0.1, 0.9, -0.4]], np.float32)
TEACHER = np.array([[1.3, -0.2, 0.5], [-2.0, 0.3, 0.8]], np.float32)


def kd_stage(regression=False, **settings):
    config = DistillConfig(**settings)
    sizes = Sizes(student_layers=2, teacher_layers=3, regression=regression)
    (stage,) = kd(config, sizes)
    return stage


def values(objective, student, teacher, labels):
    outputs = {"logits": student}, {"logits": teacher}
    return objective.values(*outputs, labels, None)


def test_one_stage_with_the_settings():
    stage = kd_stage(num_train_epochs=2.5, learning_rate=1e-4)
    assert (stage.name, stage.epochs, stage.learning_rate) == ("prediction", 2.5, 1e-4)
    assert (stage.schedule, stage.selects_best) == ("linear", True)
    assert stage.needs_teacher


def test_alpha_is_the_share_of_the_labels():
    expected = {"label_loss": 0.75, "soft_label_loss": 0.25}
    assert weights(kd_stage(kd_alpha=0.75)) == expected


def test_what_has_no_share_is_left_out():
    assert weights(kd_stage(kd_alpha=0.0)) == {"soft_label_loss": 1.0}
    labels_alone = kd_stage(kd_alpha=1.0)
    assert weights(labels_alone) == {"label_loss": 1.0}
    assert not labels_alone.needs_teacher


def test_the_losses_of_a_classification():
    label, soft = kd_stage(temperature=3.0).objectives
    labels = np.array([2, 0])
    np.testing.assert_allclose(
        values(label, STUDENT, TEACHER, labels),
        reference.hard_label_cross_entropy(STUDENT, labels),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        values(soft, STUDENT, TEACHER, labels),
        reference.soft_cross_entropy(STUDENT, TEACHER, 3.0),
        rtol=1e-5,
    )


def test_the_losses_of_a_regression():
    label, soft = kd_stage(regression=True, temperature=3.0).objectives
    student, teacher = STUDENT[:, :1], TEACHER[:, :1]
    labels = np.float32([2.5, 0.25])
    np.testing.assert_allclose(
        values(label, student, teacher, labels),
        reference.label_mse(student, labels),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        values(soft, student, teacher, labels),
        reference.logit_mse(student, teacher),
        rtol=1e-5,
    )


@pytest.mark.parametrize("regression", [False, True])
def test_another_loss_by_name(regression):
    _, soft = kd_stage(regression=regression, kd_loss="mse", kd_alpha=0.25).objectives
    assert (soft.name, soft.weight) == ("soft_label_loss", 0.75)
    np.testing.assert_allclose(
        values(soft, STUDENT, TEACHER, None),
        reference.logit_mse(STUDENT, TEACHER),
        rtol=1e-5,
    )
