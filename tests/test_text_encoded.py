"""Tests of whole columns of encoded texts."""

import numpy as np
import pytest

from distill_tf.text.encoded import EncodedTexts

PAD = 5


def make_encoded():
    return EncodedTexts(
        token_ids=np.int32([11, 12, 13, 21, 31, 32]),
        segment_ids=np.uint8([0, 1, 1, 0, 0, 1]),
        row_splits=np.int64([0, 3, 4, 4, 6]),
        pad_id=PAD,
        num_truncated=1,
    )


def test_pad_gathers_rows():
    encoded = make_encoded()
    batch = encoded.pad(np.array([3, 0, 2, 3]), 4)
    assert encoded.lengths.tolist() == [3, 1, 0, 2]
    assert batch["token_ids"].tolist() == [
        [31, 32, PAD, PAD],
        [11, 12, 13, PAD],
        [PAD, PAD, PAD, PAD],
        [31, 32, PAD, PAD],
    ]
    assert batch["segment_ids"].tolist() == [
        [0, 1, 0, 0],
        [0, 1, 1, 0],
        [0, 0, 0, 0],
        [0, 1, 0, 0],
    ]
    np.testing.assert_array_equal(batch["padding_mask"].sum(axis=1), [2, 3, 0, 2])
    assert [values.dtype for values in batch.values()] == [np.int32, np.int32, bool]


def test_pad_refuses_a_longer_row():
    with pytest.raises(ValueError, match="3 tokens does not fit a batch of width 2"):
        make_encoded().pad(np.array([1, 0]), 2)


def test_no_rows():
    empty = EncodedTexts(np.int32([]), np.uint8([]), np.int64([0]), PAD, 0)
    assert len(empty) == 0
    assert empty.pad(np.int64([]), 3)["token_ids"].shape == (0, 3)
