"""Layer objectives: attention when the numbers of heads differ, and what to do."""

from dataclasses import replace

import numpy as np
import pytest
import reference
import reference_layers
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.losses import attention_probability_mse
from distill_tf.losses import attention_score_mse
from distill_tf.losses import hidden_state_mse
from distill_tf.losses import patience_mse
from distill_tf.losses.relations import attention_kl
from distill_tf.objectives import LayerObjective

MASK = np.arange(5) < np.array([5, 2, 4])[:, None]


def scores(seed, layers, heads):
    rng = np.random.default_rng(seed)
    shape = (layers, 3, heads, 5, 5)
    return {
        "attention_scores": list(rng.normal(size=shape).astype(np.float32)),
        "padding_mask": MASK,
    }


STUDENT = scores(1, layers=2, heads=2)
TEACHER = scores(2, layers=4, heads=7)


def objective(loss=attention_score_mse, attention_heads="mean"):
    return LayerObjective(
        name="attention_loss",
        loss=loss,
        feature="attention_scores",
        layer_map=((0, 1), (1, 3)),
        attention_heads=attention_heads,
    )


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (attention_score_mse, reference.attention_score_mse),
        (attention_probability_mse, reference.attention_probability_mse),
        (attention_kl, reference_layers.attention_kl),
    ],
)
def test_the_heads_means_are_compared(loss, expected):
    objective(loss).validate(STUDENT, TEACHER)
    means = [
        [np.mean(np.float64(layer), axis=1)[:, None] for layer in x["attention_scores"]]
        for x in (STUDENT, TEACHER)
    ]
    expected = sum(
        expected(means[0][student], means[1][teacher], MASK)
        for student, teacher in ((0, 1), (1, 3))
    )
    values = objective(loss).values(STUDENT, TEACHER, None, None)
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_the_mean_is_taken_in_float32():
    # Rounded to float16, the student's mean would be 1.
    rows = tf.constant([1.0, 1.0 + 2**-10], tf.float16)
    student = {
        "attention_scores": [tf.tile(rows[None, :, None, None], [3, 1, 5, 5])],
        "padding_mask": MASK,
    }
    teacher = {"attention_scores": [np.ones((3, 1, 5, 5))], "padding_mask": MASK}
    single = replace(objective(), layer_map=((0, 0),))
    values = single.values(student, teacher, None, None)
    np.testing.assert_allclose(values, [2**-22] * 3, rtol=1e-5)


def test_other_heads_one_by_one_are_refused_with_both_ways_out():
    with pytest.raises(
        DistillError,
        match="student has 2 and the teacher 7; set student_num_attention_heads=7, or "
        "attention_heads=mean",
    ):
        objective(attention_heads="each").validate(STUDENT, TEACHER)


def test_other_widths_without_a_projection_are_refused_with_the_flag():
    hidden = LayerObjective(
        name="hidden_loss",
        loss=hidden_state_mse,
        feature="hidden_states",
        layer_map=((0, 0),),
    )
    student, teacher = (
        {"hidden_states": [np.zeros((3, 5, width))], "padding_mask": MASK}
        for width in (6, 8)
    )
    with pytest.raises(
        DistillError, match="width 6 with 8; .*hidden_projection=shared"
    ):
        hidden.validate(student, teacher)


def test_the_first_tokens_alone_need_not_share_the_others():
    states = np.random.default_rng(3).normal(size=(2, 1, 3, 7, 6)).astype(np.float32)
    first = LayerObjective(
        name="patience_loss",
        loss=patience_mse,
        feature="first_token_states",
        layer_map=((0, 0),),
    )
    assert not first.compares_tokens
    assert replace(first, feature="hidden_states").compares_tokens
    # Five tokens in the student, seven in the teacher.
    student, teacher = (
        {"first_token_states": list(each[:, :, 0]), "padding_mask": mask}
        for each, mask in zip(states, (MASK, np.ones((3, 7), bool)), strict=True)
    )
    first.validate(student, teacher)
    np.testing.assert_allclose(
        first.values(student, teacher, None, None),
        reference_layers.patience_mse(states[0][0][:, :5], states[1][0][:, :5], MASK),
        rtol=1e-5,
    )


def test_the_description_says_that_means_are_compared():
    assert objective().describe() == (
        "1 x attention_loss (attention_scores, mean of the heads, "
        "student:teacher 0:1,1:3)"
    )


@pytest.mark.parametrize(
    ("feature", "heads", "message"),
    [
        ("attention_scores", "first", "one of .*mean.*, but is 'first'"),
        ("hidden_states", "mean", "for attention_scores, not hidden_states"),
    ],
)
def test_wrong_heads_are_refused(feature, heads, message):
    with pytest.raises(ValueError, match=message):
        LayerObjective(
            name="loss",
            loss=attention_score_mse,
            feature=feature,
            layer_map=((0, 0),),
            attention_heads=heads,
        )
