"""The losses between predictions by name: their settings, and how many classes."""

import dataclasses

import numpy as np
import pytest
import reference

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods.logit_losses import LOGIT_LOSSES
from distill_tf.methods.logit_losses import logit_objective

STUDENT, TEACHER = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
LABELS = np.array([2, 0, -1, 1, 1])
SETTINGS = {
    "temperature": 3.0,
    "dkd_alpha": 0.5,
    "dkd_beta": 2.0,
    "dist_beta": 4.0,
    "dist_gamma": 0.25,
}


def objective(loss, **settings):
    config = DistillConfig(**settings)
    return logit_objective(loss, config, name="soft_label_loss", weight=0.25)


def test_the_flag_offers_all_of_them():
    (field,) = (f for f in dataclasses.fields(DistillConfig) if f.name == "kd_loss")
    assert set(field.metadata["choices"]) == LOGIT_LOSSES.keys()


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("soft_ce", reference.soft_cross_entropy(STUDENT, TEACHER, 3.0)),
        ("kl", reference.kl_divergence(STUDENT, TEACHER, 3.0)),
        ("mse", reference.logit_mse(STUDENT, TEACHER)),
        (
            "dkd",
            reference.decoupled_kl_divergence(STUDENT, TEACHER, LABELS, 3.0, 0.5, 2.0),
        ),
        ("dist", reference.correlation_distance(STUDENT, TEACHER, 3.0, 4.0, 0.25)),
        ("standardized", reference.standardized_kl_divergence(STUDENT, TEACHER, 3.0)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_settings_reach_the_loss(loss, expected):
    chosen = objective(loss, **SETTINGS)
    assert (chosen.name, chosen.weight) == ("soft_label_loss", 0.25)
    found = chosen.values({"logits": STUDENT}, {"logits": TEACHER}, LABELS, None)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def validate(loss, classes):
    logits = {"logits": np.zeros((3, classes), np.float32)}
    objective(loss).validate(logits, logits)


@pytest.mark.parametrize(
    ("loss", "classes", "message"),
    [
        *(
            (loss, 1, "cannot teach a regression: .* kd_loss=mse")
            for loss in ("soft_ce", "kl", "dkd", "dist")
        ),
        ("standardized", 1, "cannot teach a regression: .* or mse in a regression"),
        ("standardized", 2, "a task of 2 classes: it needs three .* kd_loss=kl"),
    ],
)
def test_a_loss_that_teaches_nothing_is_refused(loss, classes, message):
    with pytest.raises(DistillError, match=message):
        validate(loss, classes)


@pytest.mark.parametrize(
    ("loss", "setting"), [("dkd", "dkd_alpha"), ("dist", "dist_gamma")]
)
def test_a_weight_of_0_for_all_that_two_classes_leave_is_refused(loss, setting):
    chosen = objective(loss, **{setting: 0.0})
    logits = {"logits": np.zeros((3, 2), np.float32)}
    with pytest.raises(DistillError, match=f"2 classes: .* term of {setting} is left"):
        chosen.validate(logits, logits)
    logits = {"logits": np.zeros((3, 3), np.float32)}
    chosen.validate(logits, logits)


@pytest.mark.parametrize("loss", ["dkd", "dist"])
def test_a_loss_of_no_weight_is_refused(loss):
    settings = dict.fromkeys(("dkd_alpha", "dkd_beta", "dist_beta", "dist_gamma"), 0.0)
    with pytest.raises(DistillError, match=f"at 0 nothing is left of kd_loss={loss}"):
        objective(loss, **settings)


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        ("dkd", "dkd is dkd_alpha times kl and dkd_beta has no effect"),
        ("dist", "only the correlation across the batch teaches"),
    ],
)
def test_a_loss_that_loses_a_part_warns(caplog, loss, message):
    validate(loss, 2)
    (said,) = caplog.messages
    assert message in said


@pytest.mark.parametrize(
    ("loss", "classes"),
    [
        *((loss, 3) for loss in LOGIT_LOSSES),
        *((loss, 2) for loss in ("soft_ce", "kl", "mse")),
        ("mse", 1),
    ],
)
def test_nothing_is_said_where_nothing_is_lost(caplog, loss, classes):
    validate(loss, classes)
    assert not caplog.messages


def gradient_by_class_count(loss, classes):
    """The largest entry of the loss's gradient, by differences."""
    student, teacher = np.random.default_rng(1).normal(size=(2, 7, classes))
    chosen = objective(loss)
    labels = np.arange(7) % classes

    def values(logits):
        logits = {"logits": logits.astype(np.float32)}
        found = chosen.values(logits, {"logits": teacher}, labels, None)
        return np.asarray(found, np.float64)

    found = reference.numerical_gradient(values, student, step=1e-2)
    return np.abs(found).max()


@pytest.mark.parametrize("loss", LOGIT_LOSSES)
@pytest.mark.parametrize("classes", [2, 3])
def test_what_is_not_refused_has_a_gradient(loss, classes):
    if classes < LOGIT_LOSSES[loss].class_rule.fewest:
        assert gradient_by_class_count(loss, classes) < 1e-3
    else:
        assert gradient_by_class_count(loss, classes) > 0.02
