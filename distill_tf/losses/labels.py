"""Losses against the data set's own labels: classes and regression targets."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.shapes import check_labels


def labelled_mask(labels: tf.Tensor) -> tf.Tensor:
    """Which rows carry a class label.

    Args:
        labels: [B], integer class indices, -1 for a row without a label.

    Returns:
        float32 [B]: 1 for a labelled row, 0 for another. The mean over the labelled
        rows of a batch is ``sum(loss) / max(sum(mask), 1)``.
    """
    return ops.cast(ops.greater_equal(labels, 0), "float32")


def hard_label_cross_entropy(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Cross-entropy with the class labels; rows without a label give 0.

        value_b = -log softmax(logits)_{label_b}

    Args:
        logits: [B, C], any float dtype.
        labels: [B], integer class indices below C, -1 for a row without a label (see
            `labelled_mask` for the mean over the labelled rows).

    Returns:
        float32 [B]; value and gradient of a row without a label are 0.

    Raises:
        ValueError: The shapes are not [B, C] and [B].
        tf.errors.InvalidArgumentError: A label is C or more (on a CPU; on a GPU that
            row is NaN).
    """
    check_labels(logits, labels)
    labelled = ops.greater_equal(labels, 0)
    values = ops.sparse_categorical_crossentropy(
        ops.where(labelled, labels, 0), ops.cast(logits, "float32"), from_logits=True
    )
    return ops.where(labelled, values, 0.0)


def label_mse(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Squared difference of the one output to the regression target.

        value_b = (logits_b0 - label_b)^2

    This is TinyBERT's prediction loss for STS-B, which learns from the gold score.
    Every row must be labelled: -1 is a target like any other here.

    Args:
        logits: [B, 1], any float dtype.
        labels: [B], float targets.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes are not [B, 1] and [B].
    """
    check_labels(logits, labels)
    if logits.shape[1] != 1:
        raise ValueError(
            "Expected regression logits of shape (batch, 1), but got "
            f"{tuple(logits.shape)}: build the model with one output."
        )
    return ops.square(ops.cast(logits[:, 0], "float32") - ops.cast(labels, "float32"))
