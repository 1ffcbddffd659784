"""Losses on masked words against NumPy, by hand, and what does not count in them."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.objectives import MaskedLmLabelObjective
from distill_tf.objectives import MaskedLmLogitObjective

BATCH, PREDICTED, VOCABULARY = 3, 4, 7
TOKENS = np.int32([[2, 0, 6, -1], [5, -1, -1, -1], [1, 2, 3, 4]])
SOFT = MaskedLmLogitObjective(name="soft", temperature=2.0)
LABEL = MaskedLmLabelObjective(name="label")
BOTH = pytest.mark.parametrize("objective", [SOFT, LABEL], ids=["soft", "label"])


def outputs(seed, tokens=TOKENS):
    generator = np.random.default_rng(seed)
    return {
        "masked_lm_logits": tf.constant(
            generator.normal(0, 2, (BATCH, PREDICTED, VOCABULARY)), tf.float32
        ),
        "masked_token_ids": tf.constant(tokens),
    }


def log_softmax(logits):
    logits = np.asarray(logits, "f8")
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def reference(objective, student, teacher, tokens=TOKENS):
    values = []
    for b in range(BATCH):
        terms = []
        for p in range(PREDICTED):
            if tokens[b, p] < 0:
                continue
            ours = np.asarray(student["masked_lm_logits"])[b, p]
            theirs = np.asarray(teacher["masked_lm_logits"])[b, p]
            if objective is LABEL:
                terms.append(-log_softmax(ours)[tokens[b, p]])
            else:
                s, t = log_softmax(ours / 2), log_softmax(theirs / 2)
                terms.append(4 * (np.exp(t) * (t - s)).sum())
        values.append(np.mean(terms))
    return values


@BOTH
def test_against_numpy(objective):
    student, teacher = outputs(0), outputs(1)
    values = objective.values(student, teacher, None, None)
    assert values.dtype == tf.float32
    np.testing.assert_allclose(
        values, reference(objective, student, teacher), rtol=1e-5
    )


def test_by_hand():
    """Two tokens at equal odds, then 3 to 1; the teacher has it the other way round."""
    student = {
        "masked_lm_logits": tf.constant([[[0.0, 0.0], [np.log(3.0), 0.0]]]),
        "masked_token_ids": tf.constant([[0, 1]]),
    }
    teacher = {"masked_lm_logits": tf.constant([[[0.0, 0.0], [0.0, np.log(3.0)]]])}
    label = LABEL.values(student, None, None, None)
    np.testing.assert_allclose(label, [(np.log(2) + np.log(4)) / 2], rtol=1e-6)
    plain = MaskedLmLogitObjective(name="soft")
    # 1/4 log(1/3) + 3/4 log 3 = 1/2 log 3, and 0 for the first token.
    soft = plain.values(student, teacher, None, None)
    np.testing.assert_allclose(soft, [np.log(3) / 4], rtol=1e-6)


@BOTH
def test_places_without_a_token_do_not_count(objective):
    student, teacher = outputs(0), outputs(1)
    before = objective.values(student, teacher, None, None)
    empty = tf.constant(TOKENS < 0)[..., None]
    logits = tf.Variable(tf.where(empty, 99.0, student["masked_lm_logits"]))
    with tf.GradientTape() as tape:
        changed = {**student, "masked_lm_logits": logits}
        after = objective.values(changed, teacher, None, None)
        total = tf.reduce_sum(after)
    np.testing.assert_allclose(after, before, rtol=1e-6)
    gradient = tape.gradient(total, logits).numpy()
    assert not gradient[TOKENS < 0].any()
    assert (np.abs(gradient[TOKENS >= 0]).sum(-1) > 0).all()


@BOTH
def test_a_row_without_any_masked_token_gives_0(objective):
    tokens = np.where(np.arange(BATCH)[:, None] == 1, -1, TOKENS).astype(np.int32)
    values = objective.values(outputs(0, tokens), outputs(1), None, None)
    assert values[1] == 0
    assert np.isfinite(values).all()


def test_a_student_that_agrees_has_nothing_to_learn():
    student = outputs(0)
    np.testing.assert_allclose(SOFT.values(student, student, None, None), 0, atol=1e-6)


def test_models_that_do_not_fit():
    without = {"hidden_states": None}
    with pytest.raises(DistillError, match="soft needs masked_lm_logits, which this t"):
        SOFT.validate(outputs(0), without)
    with pytest.raises(DistillError, match="label needs masked_lm_logits"):
        LABEL.validate(without, None)
    other = {"masked_lm_logits": tf.zeros((BATCH, PREDICTED, 5))}
    with pytest.raises(DistillError, match="knows 7 and the teacher 5"):
        SOFT.validate(outputs(0), other)


def test_what_they_read_of_the_teacher():
    assert SOFT.teacher_features == {"masked_lm_logits": None}
    assert not LABEL.needs_teacher
