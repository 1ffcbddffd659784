"""Metrics: hand-computed numbers, degenerate predictions, and refused inputs."""

import numpy as np
import pytest

from distill_tf.errors import DistillError
from distill_tf.evaluation.metrics import compute_metrics
from distill_tf.evaluation.metrics import majority_baseline

CLASSIFICATION = ("accuracy", "f1", "matthews_corrcoef")
REGRESSION = ("pearson", "spearman")


def _logits(predictions, num_classes):
    """Logits whose largest is the predicted class."""
    return np.eye(num_classes)[predictions] * 3.0 - 1.0


def test_two_classes():
    labels = np.array([1, 1, 1, 0, 0, 0, 0])
    logits = _logits([1, 1, 0, 1, 0, 0, 0], num_classes=2)
    # TP 2, FN 1, FP 1, TN 3: F1 of class 1 = 4 / (4 + 1 + 1),
    # MCC = (2 * 3 - 1 * 1) / sqrt(3 * 3 * 4 * 4)
    assert compute_metrics(CLASSIFICATION, logits, labels) == {
        "accuracy": pytest.approx(5 / 7),
        "f1": pytest.approx(2 / 3),
        "matthews_corrcoef": pytest.approx(5 / 12),
    }


def test_three_classes():
    labels = np.array([0, 0, 1, 1, 2])
    logits = _logits([0, 1, 1, 1, 0], num_classes=3)
    # F1: class 0 2/(2+1+1) = 1/2, class 1 4/(4+0+1) = 4/5, class 2 0; mean 13/30.
    # MCC = (c s - sum p t) / sqrt((s^2 - sum p^2)(s^2 - sum t^2)), c = 3, s = 5,
    # p = (2, 3, 0), t = (2, 2, 1): (15 - 10) / sqrt(12 * 16)
    assert compute_metrics(CLASSIFICATION, logits, labels) == {
        "accuracy": pytest.approx(3 / 5),
        "f1": pytest.approx(13 / 30),
        "matthews_corrcoef": pytest.approx(5 / np.sqrt(192)),
    }


def test_regression():
    labels = np.array([1.0, 2.0, 3.0, 4.0], np.float32)
    logits = np.array([[1.0], [3.0], [2.0], [6.0]], np.float32)
    # Deviations (-1.5, -.5, .5, 1.5) and (-2, 0, -1, 3): 7 / sqrt(5 * 14).
    # Ranks 1 3 2 4: 1 - 6 * 2 / (4 * 15)
    assert compute_metrics(REGRESSION, logits, labels) == {
        "pearson": pytest.approx(7 / np.sqrt(70)),
        "spearman": pytest.approx(0.8),
    }


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_values_are_plain_floats_in_the_given_order(dtype):
    logits = _logits([0, 1, 1], num_classes=2).astype(dtype)
    scores = compute_metrics(["f1", "accuracy"], logits, np.array([0, 1, 0], np.int32))
    assert list(scores) == ["f1", "accuracy"]
    assert all(type(score) is float for score in scores.values())


@pytest.mark.parametrize("num_classes", [2, 3])
def test_a_constant_prediction_scores_zero_without_a_warning(num_classes):
    logits = _logits([0, 0, 0, 0], num_classes)
    scores = compute_metrics(CLASSIFICATION, logits, np.array([1, 1, 0, 1]))
    assert (scores["accuracy"], scores["matthews_corrcoef"]) == (0.25, 0.0)
    # Two: class 1 is never predicted. Three: (2/5 + 0) / 2 over those that occur.
    assert scores["f1"] == pytest.approx(0.0 if num_classes == 2 else 0.2)


def test_constant_labels_score_zero_without_a_warning():
    scores = compute_metrics(CLASSIFICATION, _logits([0, 0], 2), np.array([0, 0]))
    assert scores == {"accuracy": 1.0, "f1": 0.0, "matthews_corrcoef": 0.0}


@pytest.mark.parametrize("predictions", [[2.5, 2.5, 2.5], [1e-7, 1e-7, 1e-7]])
def test_a_constant_regression_scores_zero_without_a_warning(predictions):
    scores = compute_metrics(REGRESSION, np.c_[predictions], np.array([1.0, 2.0, 3.0]))
    assert scores == {"pearson": 0.0, "spearman": 0.0}


def test_a_barely_varying_regression_still_correlates():
    below = np.nextafter(np.float32(5), np.float32(0))
    logits = np.array([[below], [5], [5]], np.float32)
    scores = compute_metrics(REGRESSION, logits, np.array([1.0, 2.0, 2.0]))
    assert scores == {"pearson": pytest.approx(1.0), "spearman": pytest.approx(1.0)}


@pytest.mark.parametrize(
    ("names", "logits", "labels", "message"),
    [
        (["bleu"], np.eye(2), [0, 1], "'bleu'.*2 outputs.*accuracy, f1, matthews"),
        (["pearson"], np.eye(2), [0, 1], "'pearson' is not one for classification"),
        (["accuracy"], [[1.0]], [0.5], "not one for regression.*1 output\\).*pearson"),
        (["accuracy"], np.eye(2), [0, -1], "1 of 2 have none .* number 2"),
        (["pearson"], [[1.0], [2.0]], [np.nan, 1.0], "1 of 2 have none .* number 1"),
        (["f1"], [[np.nan, 1.0]], [0], "1 of 2 are NaN or infinite.*learning rate"),
    ],
)
def test_the_users_mistakes(names, logits, labels, message):
    with pytest.raises(DistillError, match=message):
        compute_metrics(names, np.asarray(logits), np.asarray(labels))


@pytest.mark.parametrize(
    ("logits_shape", "labels", "message"),
    [
        ((2, 3), [0, 1, 2], r"shapes \(2, 3\) and \(3,\)"),
        ((2,), [0, 1], r"shapes \(2,\) and \(2,\)"),
        ((0, 2), [], "at least one example"),
        ((2, 2), [0, 2], "label 2 for logits of 2 classes"),
    ],
)
def test_misshapen_inputs(logits_shape, labels, message):
    with pytest.raises(ValueError, match=message):
        compute_metrics(["accuracy"], np.zeros(logits_shape), np.array(labels))


def test_majority_baseline():
    assert majority_baseline(np.array([2, 0, 2, 1, 2, 0])) == 0.5
    with pytest.raises(DistillError, match="1 of 2 have none"):
        majority_baseline(np.array([0, -1]))
