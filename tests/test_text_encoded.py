"""Tests of whole columns of encoded texts."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.text.encoded import EncodedTexts
from distill_tf.text.encoded import encode_all
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.settings import TextSettings
from distill_tf.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary(["a", "b", "[UNK]", "[CLS]", "[SEP]", "[PAD]"])
PAD = VOCABULARY.pad_id
ENCODER = TextEncoder.from_settings(VOCABULARY, TextSettings(True, 7))
TEXTS_A = ["a", "", "a a a a a a", "b a", "x", "b b"]
TEXTS_B = ["b", "b b b b b b", "a", "", "b b a", "a"]


@pytest.mark.parametrize("batch_size", [1, 4, 6, 100])
@pytest.mark.parametrize("texts_b", [None, TEXTS_B])
def test_column_equals_one_batch(batch_size, texts_b):
    columns = [tf.constant(c) for c in (TEXTS_A, texts_b) if c is not None]
    batch = ENCODER.encode(*columns)
    encoded = encode_all(ENCODER, TEXTS_A, texts_b, batch_size=batch_size)
    np.testing.assert_array_equal(encoded.token_ids, batch.token_ids.values)
    np.testing.assert_array_equal(encoded.segment_ids, batch.segment_ids.values)
    np.testing.assert_array_equal(encoded.row_splits, batch.token_ids.row_splits)
    assert encoded.token_ids.dtype == np.int32
    assert encoded.segment_ids.dtype == np.uint8
    assert encoded.row_splits.dtype == np.int64
    assert encoded.num_truncated == np.sum(batch.is_truncated) > 0
    assert encoded.truncated_fraction == encoded.num_truncated / 6
    assert len(encoded) == 6


def test_empty_column():
    encoded = encode_all(ENCODER, [])
    assert len(encoded) == 0
    assert encoded.row_splits.tolist() == [0]
    assert encoded.truncated_fraction == 0.0
    assert encoded.pad(np.int64([]), 3)["token_ids"].shape == (0, 3)


def test_lone_surrogates_are_dropped():
    encoded = encode_all(ENCODER, ["\ud800a", "a\udfff"])
    expected = encode_all(ENCODER, ["a", "a"])
    np.testing.assert_array_equal(encoded.token_ids, expected.token_ids)


def test_errors_keep_their_sentence():
    short = TextEncoder.from_settings(VOCABULARY, TextSettings(True, 4))
    with pytest.raises(DistillError, match=r"^max_seq_length must be at least 5"):
        encode_all(short, ["a"], ["b"])
    with pytest.raises(ValueError, match="2 first texts .* 1 second"):
        encode_all(ENCODER, ["a", "b"], ["a"])


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
