"""Soft-label losses: hand-computed numbers, temperature, and two classes."""

import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf.losses.logits import kl_divergence
from distill_tf.losses.logits import logit_mse
from distill_tf.losses.logits import soft_cross_entropy

LN3 = np.log(3.0)
# softmax([ln 3, 0]) = [3/4, 1/4] and softmax([0, 0]) = [1/2, 1/2].
SURE = np.array([[LN3, 0.0]], np.float32)
EVEN = np.array([[0.0, 0.0]], np.float32)


def _gradient(loss, student, teacher, **options):
    student = tf.constant(student, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(student)
        total = tf.reduce_sum(loss(student, teacher, **options))
    return tape.gradient(total, student).numpy()


@pytest.mark.parametrize(
    ("loss", "student", "teacher", "options", "expected"),
    [
        # -(3/4 ln 1/2 + 1/4 ln 1/2) = ln 2
        (soft_cross_entropy, EVEN, SURE, {}, 0.693147),
        # -(1/2 ln 3/4 + 1/2 ln 1/4) = 0.143841 + 0.693147
        (soft_cross_entropy, SURE, EVEN, {}, 0.836988),
        # Logits 2 ln 3 at T = 2 are ln 3 again; times T^2 = 4.
        (soft_cross_entropy, 2 * SURE, EVEN, {"temperature": 2.0}, 3.347953),
        # TinyBERT: no T^2, and half of it for the mean over two classes.
        (
            soft_cross_entropy,
            2 * SURE,
            EVEN,
            {"temperature": 2.0, "temperature_squared": False, "class_mean": True},
            0.418494,
        ),
        # 3/4 ln(3/2) + 1/4 ln(1/2) = 0.304099 - 0.173287
        (kl_divergence, EVEN, SURE, {}, 0.130812),
        # 1/2 ln(2/3) + 1/2 ln 2 = 0.143841, and its mean over two classes
        (kl_divergence, SURE, EVEN, {}, 0.143841),
        (kl_divergence, SURE, EVEN, {"class_mean": True}, 0.071921),
        # (3^2 + 1^2) / 2
        (logit_mse, np.array([[1.0, 2.0]]), np.array([[4.0, 1.0]]), {}, 5.0),
    ],
)
def test_hand_computed(loss, student, teacher, options, expected):
    np.testing.assert_allclose(loss(student, teacher, **options), [expected], rtol=1e-5)


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_cross_entropy_is_divergence_plus_the_teachers_entropy(temperature):
    student, teacher = np.random.default_rng(1).normal(size=(2, 3, 5))
    cross_entropy = soft_cross_entropy(student, teacher, temperature)
    divergence = kl_divergence(student, teacher, temperature)
    entropy = temperature**2 * reference.entropy(teacher, temperature)
    np.testing.assert_allclose(cross_entropy - divergence, entropy, rtol=1e-5)
    agreed = soft_cross_entropy(teacher, teacher, temperature)
    np.testing.assert_allclose(agreed, entropy, rtol=1e-5)


@pytest.mark.parametrize("loss", [soft_cross_entropy, kl_divergence])
def test_temperature_squared_keeps_the_gradient_in_proportion(loss):
    student, teacher = np.random.default_rng(2).normal(size=(2, 3, 5))
    # As T grows, T^2 times the gradient tends to that of half the mean squared error
    # of the centred logits: ((z^S - mean) - (z^T - mean)) / C.
    difference = student - teacher
    limit = (difference - difference.mean(axis=1, keepdims=True)) / 5
    hot = _gradient(loss, student, teacher, temperature=100.0)
    np.testing.assert_allclose(hot, limit, rtol=0.1, atol=2e-3)
    unscaled = {"temperature": 100.0, "temperature_squared": False}
    np.testing.assert_allclose(
        _gradient(loss, student, teacher, **unscaled), hot / 1e4, rtol=1e-4
    )
    norms = [
        np.linalg.norm(_gradient(loss, student, teacher, temperature=temperature))
        for temperature in (2.0, 4.0, 8.0, 16.0)
    ]
    assert max(norms) < 1.3 * min(norms)


@pytest.mark.parametrize("temperature", [1.0, 3.0])
def test_two_classes_are_binary_cross_entropy_of_the_margin(temperature):
    student, teacher = np.random.default_rng(3).normal(size=(2, 7, 2))
    margin = (student[:, 1] - student[:, 0]) / temperature
    teacher_prob = 1 / (1 + np.exp((teacher[:, 0] - teacher[:, 1]) / temperature))
    # -p log sigmoid(m) - (1 - p) log sigmoid(-m)
    expected = teacher_prob * np.log1p(np.exp(-margin))
    expected += (1 - teacher_prob) * np.log1p(np.exp(margin))
    values = soft_cross_entropy(student, teacher, temperature)
    np.testing.assert_allclose(values, temperature**2 * expected, rtol=1e-5)
    # The two logits pull in opposite directions, T (p^S - p^T) each.
    gradient = _gradient(soft_cross_entropy, student, teacher, temperature=temperature)
    pull = temperature * (1 / (1 + np.exp(-margin)) - teacher_prob)
    np.testing.assert_allclose(gradient, np.stack([-pull, pull], 1), rtol=1e-4)


def test_a_constant_added_to_the_logits_shows_only_in_their_squared_error():
    student, teacher = np.random.default_rng(4).normal(size=(2, 3, 2))
    for loss in (soft_cross_entropy, kl_divergence):
        np.testing.assert_allclose(
            loss(student + 5.0, teacher), loss(student, teacher), atol=1e-6
        )
    assert (
        (logit_mse(student + 5.0, teacher) > logit_mse(student, teacher)).numpy().all()
    )


@pytest.mark.parametrize("loss", [soft_cross_entropy, kl_divergence])
def test_extreme_logits_stay_finite(loss):
    student, teacher = np.array([[200.0, -200.0]]), np.array([[-200.0, 200.0]])
    # The teacher is certain of the class the student rules out: log p = -400.
    np.testing.assert_allclose(loss(student, teacher), [400.0])
    np.testing.assert_allclose(
        _gradient(loss, student, teacher), [[1.0, -1.0]], rtol=1e-6
    )


@pytest.mark.parametrize("temperature", [0.0, -1.0])
def test_temperature_must_be_positive(temperature):
    with pytest.raises(ValueError, match="temperature above 0, but got"):
        soft_cross_entropy(SURE, EVEN, temperature)


@pytest.mark.parametrize("loss", [soft_cross_entropy, kl_divergence, logit_mse])
def test_another_number_of_classes_is_refused(loss):
    with pytest.raises(
        ValueError, match=r"\(3, 2\).*\(3, 4\).*differ in number of classes: give"
    ):
        loss(np.zeros((3, 2)), np.zeros((3, 4)))
