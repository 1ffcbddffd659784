"""Attention losses: hand-computed numbers and the refusal of other heads."""

import numpy as np
import pytest

from distill_tf.losses.attention import attention_probability_mse
from distill_tf.losses.attention import attention_score_mse

MASK = np.array([[1, 1, 0]])


def _scores(valid_block):
    """[1, 1, 3, 3] with the block at the valid pairs and 50 at the padding."""
    scores = np.full((1, 1, 3, 3), 50.0)
    scores[0, 0, :2, :2] = valid_block
    return scores


def test_scores_hand_computed():
    # (1 + 4 + 0 + 9) / (1 head * 2^2 pairs)
    student, teacher = _scores([[1, 2], [3, 4]]), _scores([[0, 4], [3, 1]])
    np.testing.assert_allclose(attention_score_mse(student, teacher, MASK), [3.5])


def test_probabilities_hand_computed():
    # Rows [ln 3, 0] -> [3/4, 1/4] against [1/2, 1/2], and two equal rows:
    # (1/16 + 1/16 + 0 + 0) / (1 head * 2^2 pairs) = 1/32
    student, teacher = _scores([[np.log(3), 0], [5, 5]]), _scores([[0, 0], [2, 2]])
    values = attention_probability_mse(student, teacher, MASK)
    np.testing.assert_allclose(values, [1 / 32], rtol=1e-6)


def test_only_the_scores_see_a_constant_added_to_a_query():
    student, teacher = np.random.default_rng(0).normal(size=(2, 1, 2, 3, 3))
    shifted = student + 7.0
    np.testing.assert_allclose(
        attention_probability_mse(shifted, teacher, MASK),
        attention_probability_mse(student, teacher, MASK),
        rtol=1e-5,
    )
    assert attention_score_mse(shifted, teacher, MASK) > 10.0


def test_very_low_scores_are_not_clamped():
    # The official TinyBERT code sets both to 0 and sees no difference.
    student, teacher = _scores(-150.0), _scores(-101.0)
    np.testing.assert_allclose(
        attention_score_mse(student, teacher, MASK), [49.0**2], rtol=1e-6
    )


@pytest.mark.parametrize("loss", [attention_score_mse, attention_probability_mse])
@pytest.mark.parametrize(
    ("teacher_shape", "message"),
    [
        ((3, 4, 7, 7), r"\(3, 2, 7, 7\).*\(3, 4, 7, 7\).*number of heads: give"),
        ((3, 2, 5, 7), r"\(3, 2, 7, 7\).*\(3, 2, 5, 7\).*query length: encode"),
        ((3, 2, 7, 5), r"\(3, 2, 7, 7\).*\(3, 2, 7, 5\).*key length: encode"),
    ],
)
def test_another_shape_is_refused(loss, teacher_shape, message):
    student, teacher = np.zeros((3, 2, 7, 7)), np.zeros(teacher_shape)
    with pytest.raises(ValueError, match=message):
        loss(student, teacher, np.ones((3, 7)))
