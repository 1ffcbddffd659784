"""How probable a replacement is, step by step."""

import numpy as np
import pytest

from distill_tf.models.replacement import Replacement

CONSTANT = Replacement(start=0.25)
LINEAR = Replacement(start=0.3, linear_k=0.2)
JUMP = Replacement(start=0.25, steps=3)


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        (CONSTANT, [0.25, 0.25, 0.25, 0.25, 0.25, 0.25]),
        (LINEAR, [0.3, 0.5, 0.7, 0.9, 1.0, 1.0]),
        (JUMP, [0.25, 0.25, 0.25, 1.0, 1.0, 1.0]),
        (Replacement(start=1.0, linear_k=5.0), [1.0] * 6),
        (Replacement(start=0.0), [0.0] * 6),
    ],
    ids=str,
)
def test_probability_after_so_many_steps(replacement, expected):
    found = [float(replacement(np.int32(step))) for step in range(6)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_authors_linear_schedule():
    """b = 0.3 and k = 0.0006 reach 1 after 1,167 steps."""
    replacement = Replacement(start=0.3, linear_k=0.0006)
    found = [float(replacement(step)) for step in (0, 500, 1166, 1167, 9000)]
    np.testing.assert_allclose(found, [0.3, 0.6, 0.9996, 1, 1], rtol=1e-6)


@pytest.mark.parametrize(
    ("replacement", "words"),
    [
        (CONSTANT, "0.25"),
        (LINEAR, "0.3 + 0.2 a step, at most 1"),
        (JUMP, "0.25, 1 after 3 steps"),
    ],
    ids=str,
)
def test_the_schedule_in_words(replacement, words):
    assert replacement.describe() == words


def test_it_rises_or_jumps():
    with pytest.raises(ValueError, match="linear_k is 0.1 and steps is 4"):
        Replacement(start=0.5, linear_k=0.1, steps=4)
