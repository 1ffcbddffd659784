"""Label losses: hand-computed numbers and rows without a label."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.losses.labels import hard_label_cross_entropy
from distill_tf.losses.labels import label_mse
from distill_tf.losses.labels import labelled_mask

# softmax([ln 1, ln 2, ln 5]) = [1/8, 2/8, 5/8]
LOGITS = np.log([[1.0, 2.0, 5.0]] * 4)
LABELS = np.array([0, 2, -1, 1], np.int32)


def test_cross_entropy_hand_computed():
    # ln 8, ln 8/5, nothing, ln 4
    expected = [2.079442, 0.470004, 0.0, 1.386294]
    values = hard_label_cross_entropy(LOGITS, LABELS)
    np.testing.assert_allclose(values, expected, rtol=2e-6)


def test_the_mask_averages_over_the_labelled_rows():
    mask = labelled_mask(LABELS)
    np.testing.assert_array_equal(mask, np.array([1, 1, 0, 1], np.float32))
    values = hard_label_cross_entropy(LOGITS, LABELS)
    # (ln 8 + ln 8/5 + ln 4) / 3 = ln(51.2) / 3
    mean = tf.reduce_sum(values) / tf.reduce_sum(mask)
    np.testing.assert_allclose(mean, np.log(51.2) / 3, rtol=1e-6)


def test_a_row_without_a_label_has_no_gradient():
    logits = tf.constant(LOGITS, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        total = tf.reduce_sum(hard_label_cross_entropy(logits, LABELS))
    gradient = tape.gradient(total, logits).numpy()
    # softmax - one-hot for the labelled rows
    expected = np.array([[1, 2, 5]] * 4) / 8
    expected[[0, 1, 3], [0, 2, 1]] -= 1
    expected[2] = 0
    np.testing.assert_allclose(gradient, expected, rtol=1e-5)


def test_two_classes_are_the_logistic_loss_of_the_margin():
    logits = np.array([[0.3, 1.7], [0.3, 1.7]])
    # log(1 + exp(-1.4)) when right and log(1 + exp(1.4)) when wrong
    values = hard_label_cross_entropy(logits, np.array([1, 0]))
    np.testing.assert_allclose(values, np.log1p(np.exp([-1.4, 1.4])), rtol=1e-6)


def test_regression_hand_computed():
    # (2.5 - 4)^2 and (-1 - -1)^2: a target of -1 is a target
    values = label_mse(np.array([[2.5], [-1.0]]), np.array([4.0, -1.0]))
    np.testing.assert_allclose(values, [2.25, 0.0])


@pytest.mark.parametrize("loss", [hard_label_cross_entropy, label_mse])
def test_a_column_of_labels_is_refused(loss):
    with pytest.raises(ValueError, match=r"labels of shape \(batch,\).*\(4, 1\)"):
        loss(np.zeros((4, 1)), np.zeros((4, 1)))


def test_regression_needs_one_output():
    with pytest.raises(ValueError, match=r"shape \(batch, 1\), but got \(4, 3\)"):
        label_mse(LOGITS, np.zeros(4))
