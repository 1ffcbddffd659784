"""Method soft_ce: labels and soft labels, alpha being the teacher's share."""

import numpy as np
import pytest
import reference

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods import Sizes
from distill_tf.methods.kd import kd
from distill_tf.methods.soft_ce import soft_ce

STUDENT, TEACHER = np.random.default_rng(0).normal(size=(2, 3, 2)).astype(np.float32)


def soft_ce_stage(regression=False, method=soft_ce, **settings):
    sizes = Sizes(student_layers=2, teacher_layers=3, regression=regression)
    (stage,) = method(DistillConfig(**settings), sizes)
    return stage


def test_one_stage_with_the_settings():
    stage = soft_ce_stage(num_train_epochs=2.5, learning_rate=1e-4)
    assert (stage.name, stage.epochs, stage.learning_rate) == ("prediction", 2.5, 1e-4)
    assert (stage.schedule, stage.selects_best) == ("linear", True)
    assert stage.needs_teacher


@pytest.mark.parametrize(
    ("settings", "weights"),
    [({}, (0.3, 0.7)), ({"soft_ce_alpha": 0.25}, (0.75, 0.25))],
    ids=str,
)
def test_alpha_is_the_share_of_the_teacher(settings, weights):
    label, soft = soft_ce_stage(**settings).objectives
    assert (label.name, soft.name) == ("label_loss", "soft_label_loss")
    assert (label.weight, soft.weight) == pytest.approx(weights)


def test_it_is_kd_with_the_other_alpha():
    settings = {"kd_alpha": 0.25, "soft_ce_alpha": 0.75, "temperature": 2.0}
    outputs = {"logits": STUDENT}, {"logits": TEACHER}
    labels = np.array([1, 0, 1])
    for mine, other in zip(
        soft_ce_stage(**settings).objectives,
        soft_ce_stage(method=kd, **settings).objectives,
        strict=True,
    ):
        assert (mine.name, mine.weight) == (other.name, other.weight)
        np.testing.assert_array_equal(
            mine.values(*outputs, labels, None), other.values(*outputs, labels, None)
        )


def test_the_temperature_is_the_settings():
    _, soft = soft_ce_stage(temperature=3.0).objectives
    np.testing.assert_allclose(
        soft.values({"logits": STUDENT}, {"logits": TEACHER}, None, None),
        reference.soft_cross_entropy(STUDENT, TEACHER, 3.0),
        rtol=1e-5,
    )


def test_a_regression_is_refused():
    _, soft = soft_ce_stage(regression=True).objectives
    outputs = {"logits": STUDENT[:, :1]}, {"logits": TEACHER[:, :1]}
    with pytest.raises(DistillError, match="a regression: .* choose method=tang"):
        soft.validate(*outputs)
