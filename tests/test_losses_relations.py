"""MiniLM's losses: hand-computed numbers, splitting into relation heads, refusals."""

import numpy as np
import pytest

from distill_tf.losses.relations import attention_kl
from distill_tf.losses.relations import relation_kl

MASK = np.array([[1, 1, 0]])
LN3 = np.log(3.0)


def test_attention_hand_computed():
    # Two valid queries. The teacher's rows are [3/4, 1/4] and [1/2, 1/2], the student's
    # all even: (3/4 ln(3/2) + 1/4 ln(1/2) + 0) / (1 head * 2 queries)
    teacher, student = np.full((2, 1, 1, 3, 3), 50.0)
    student[0, 0, :2, :2] = 7.0
    teacher[0, 0, :2, :2] = [[LN3, 0], [2, 2]]
    values = attention_kl(student, teacher, MASK)
    np.testing.assert_allclose(values, [0.130812 / 2], rtol=1e-5)


def test_relations_hand_computed():
    # One relation head of size 4. The teacher's tokens are (a, 0, 0, 0) and 0 with
    # a^2 / sqrt(4) = ln 3: rows [3/4, 1/4] and [1/2, 1/2]. The student's are 0: even.
    teacher, student = np.zeros((2, 1, 2, 3, 2))
    teacher[0, 0, 0, 0] = np.sqrt(2 * LN3)
    teacher[0, :, 2] = student[0, :, 2] = 9.0
    values = relation_kl(student, teacher, MASK, relation_heads=1)
    np.testing.assert_allclose(values, [0.130812 / 2], rtol=1e-5)


def test_the_split_follows_the_heads_side_by_side():
    """Two heads of size 3 split into three relation heads: 0 1 | 2 3 | 4 5."""
    rng = np.random.default_rng(3)
    tokens, others = rng.normal(size=(2, 1, 3, 6))

    def in_heads(rows, heads):
        return rows.reshape(1, 3, heads, 6 // heads).transpose(0, 2, 1, 3)

    values = [
        relation_kl(in_heads(tokens, heads), in_heads(others, 6), MASK, 3)
        for heads in (1, 2, 3)
    ]
    np.testing.assert_allclose(values[1:], [values[0]] * 2, rtol=1e-5)
    other_split = relation_kl(in_heads(tokens, 2), in_heads(others, 6), MASK, 2)
    assert abs(other_split - values[0]) > 1e-3


def test_other_heads_are_refused_where_attention_is_compared():
    with pytest.raises(ValueError, match="number of heads: compare relations"):
        attention_kl(np.zeros((3, 2, 7, 7)), np.zeros((3, 4, 7, 7)), np.ones((3, 7)))


@pytest.mark.parametrize("relation_heads", [0, 4])
def test_relation_heads_that_do_not_divide_are_refused(relation_heads):
    vectors = np.zeros((3, 2, 7, 4)), np.zeros((3, 2, 7, 3))
    with pytest.raises(ValueError, match=f"but got {relation_heads}"):
        relation_kl(*vectors, np.ones((3, 7)), relation_heads)
