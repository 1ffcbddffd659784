"""Tests of pairs whose texts are rows of their own."""

import numpy as np
import pytest

from distill_tf.text.encoded import EncodedTexts
from distill_tf.text.encoded_pairs import EncodedPairs
from distill_tf.text.pair_layout import SeparateLayout


def make_encoded(lengths, num_truncated=0):
    total = sum(lengths)
    return EncodedTexts(
        token_ids=np.arange(total, dtype=np.int32),
        segment_ids=np.zeros(total, np.uint8),
        row_splits=np.cumsum([0, *lengths]),
        pad_id=0,
        num_truncated=num_truncated,
    )


def pair(first, second):
    return EncodedPairs(first, second, SeparateLayout((9, 9)))


def test_length_is_that_of_the_longer_text():
    pairs = pair(make_encoded([1, 5, 2]), make_encoded([3, 4, 2]))
    assert len(pairs) == 3
    assert pairs.lengths.tolist() == [3, 5, 2]


def test_truncated_texts_of_both_sides_count():
    pairs = pair(make_encoded([1, 5, 2], 1), make_encoded([3, 4, 2], 2))
    assert pairs.num_truncated == 3


def test_no_pairs():
    pairs = pair(make_encoded([]), make_encoded([]))
    assert (len(pairs), pairs.num_truncated) == (0, 0)


def test_sides_must_have_as_many_rows():
    with pytest.raises(ValueError, match="2 first rows do not pair with 1 second"):
        pair(make_encoded([1, 5]), make_encoded([3]))
