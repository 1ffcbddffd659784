"""Masking helpers: counts, pairs, and differences that padding cannot reach."""

import numpy as np

from distill_tf.losses import masking

MASK = np.array([[1, 1, 0], [0, 0, 0]])


def test_counts_are_divisors():
    # An all-padding example counts one, so that its sum of 0 stays 0.
    np.testing.assert_array_equal(masking.token_counts(MASK), [2.0, 1.0])


def test_a_pair_is_valid_when_query_and_key_are():
    pairs = masking.pair_mask(MASK).numpy()
    assert pairs.shape == (2, 1, 3, 3)
    expected = np.zeros((3, 3), bool)
    expected[:2, :2] = True
    np.testing.assert_array_equal(pairs[0, 0], expected)
    assert not pairs[1].any()


def test_the_difference_is_zero_where_masked():
    student = np.array([[5.0, np.nan, 1.0]], np.float16)
    teacher = np.array([[2.0, 0.0, np.inf]], np.float16)
    difference = masking.masked_difference(student, teacher, [[True, False, False]])
    assert difference.dtype == "float32"
    np.testing.assert_array_equal(difference, [[3.0, 0.0, 0.0]])
