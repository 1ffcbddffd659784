"""Quality metrics of a classifier or a regressor, through scikit-learn and SciPy."""

from collections.abc import Sequence

import numpy as np
from scipy import stats
from sklearn import metrics

from distill_tf.errors import DistillError
from distill_tf.tasks.task import CLASSIFICATION_METRICS
from distill_tf.tasks.task import REGRESSION_METRICS


def compute_metrics(
    names: Sequence[str], logits: np.ndarray, labels: np.ndarray
) -> dict[str, float]:
    """Metrics of a model's outputs on labelled examples.

    ``accuracy``, ``f1`` and ``matthews_corrcoef`` compare the class of the largest
    logit with the label. ``f1`` is that of class 1 for two classes, as GLUE has it for
    MRPC and QQP, and for more the unweighted mean over the classes that occur.
    ``pearson`` and ``spearman`` correlate the one output with the target. A metric
    that is undefined, such as a correlation with a constant, is 0.

    Args:
        names: Metrics to compute, of those above.
        logits: [n, C] floats; C = 1 for regression.
        labels: [n], integer class indices, or float targets for regression.

    Returns:
        A number for every name, in the given order: correlations in -1..1, the others
        in 0..1.

    Raises:
        DistillError: A metric is unknown or does not fit the model's kind, an example
            has no label (-1, or NaN for regression), or a logit is not finite.
        ValueError: The shapes are not [n, C] and [n] with n > 0, or a label is not
            below C.
    """
    logits = np.asarray(logits, np.float32)
    labels = np.asarray(labels)
    if logits.ndim != 2 or labels.shape != logits.shape[:1] or not len(labels):
        raise ValueError(
            "Expected logits [n, C] and labels [n] of at least one example, but got "
            f"shapes {logits.shape} and {labels.shape}."
        )
    num_outputs = logits.shape[1]
    _check_names(names, num_outputs)
    if not np.isfinite(logits).all():
        raise DistillError(
            f"Expected finite logits, but {np.sum(~np.isfinite(logits))} of "
            f"{logits.size} are NaN or infinite, so the model has diverged: train it "
            "again with a lower learning rate."
        )
    if num_outputs == 1:
        return _regression_metrics(names, logits[:, 0], labels)
    _check_labelled(labels < 0)
    if labels.max() >= num_outputs:
        raise ValueError(
            f"Got label {labels.max()} for logits of {num_outputs} classes."
        )
    predictions = logits.argmax(axis=1)
    return {
        name: _classification_metric(name, predictions, labels, num_outputs)
        for name in names
    }


def majority_baseline(labels: np.ndarray) -> float:
    """Accuracy of always answering the most frequent class.

    Args:
        labels: [n], integer class indices, n > 0.

    Raises:
        DistillError: An example has no label (-1).
    """
    labels = np.asarray(labels)
    _check_labelled(labels < 0)
    return float(np.bincount(labels).max() / len(labels))


def _check_names(names: Sequence[str], num_outputs: int) -> None:
    if num_outputs == 1:
        kind, known = "regression", REGRESSION_METRICS
    else:
        kind, known = "classification", CLASSIFICATION_METRICS
    for name in names:
        if name not in known:
            raise DistillError(
                f"Metric {name!r} is not one for {kind} (the model has {num_outputs} "
                f"output{'s' * (num_outputs > 1)}): choose from {', '.join(known)}."
            )


def _check_labelled(unlabelled: np.ndarray) -> None:
    if unlabelled.any():
        raise DistillError(
            f"Expected a label for every evaluated example, but {unlabelled.sum()} of "
            f"{len(unlabelled)} have none (the first is example number "
            f"{unlabelled.argmax() + 1}): evaluate on a labelled split."
        )


def _classification_metric(
    name: str, predictions: np.ndarray, labels: np.ndarray, num_classes: int
) -> float:
    if name == "accuracy":
        return float(metrics.accuracy_score(labels, predictions))
    if name == "f1":
        average = "binary" if num_classes == 2 else "macro"
        return float(
            metrics.f1_score(labels, predictions, average=average, zero_division=0)
        )
    if _either_constant(labels, predictions):
        return 0.0
    return float(metrics.matthews_corrcoef(labels, predictions))


def _regression_metrics(
    names: Sequence[str], predictions: np.ndarray, labels: np.ndarray
) -> dict[str, float]:
    _check_labelled(np.isnan(labels))
    if _either_constant(labels, predictions):
        return dict.fromkeys(names, 0.0)
    # In float64 no float32 series is constant to rounding, which SciPy warns about.
    predictions, labels = predictions.astype(np.float64), labels.astype(np.float64)
    correlations = {"pearson": stats.pearsonr, "spearman": stats.spearmanr}
    return {
        name: float(correlations[name](labels, predictions).statistic) for name in names
    }


def _either_constant(labels: np.ndarray, predictions: np.ndarray) -> bool:
    return np.ptp(labels) == 0 or np.ptp(predictions) == 0
