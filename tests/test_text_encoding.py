"""Tests of the encoding of whole columns."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.text.build import build_encoder
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.encoding import encode_all
from distill_tf.text.settings import TextSettings
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.word_vocabulary import WordVocabulary

VOCABULARY = Vocabulary(["a", "b", "[UNK]", "[CLS]", "[SEP]", "[PAD]"])
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
    assert len(encoded) == 6


def test_empty_column():
    encoded = encode_all(ENCODER, [])
    assert len(encoded) == 0
    assert encoded.row_splits.tolist() == [0]
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


WORDS = WordVocabulary(["a", "<unk>", "b", "<pad>"])
A, UNK, B, PAD = range(4)


def rows(encoded):
    return [row.tolist() for row in np.split(encoded.token_ids, encoded.row_splits)]


@pytest.mark.parametrize("batch_size", [1, 4, 100])
def test_separate_texts_are_rows_without_special_tokens(batch_size):
    encoder = build_encoder(WORDS, TextSettings(True, 3, "whitespace", "separate"))
    encoded = encode_all(encoder, TEXTS_A, batch_size=batch_size)
    assert rows(encoded)[1:-1] == [[A], [UNK], [A, A, A], [B, A], [UNK], [B, B]]
    assert encoded.pad_id == PAD
    assert encoded.num_truncated == 1
    assert not encoded.segment_ids.any()


def test_separate_pairs_are_two_columns():
    encoder = build_encoder(WORDS, TextSettings(True, 3, "whitespace", "separate"))
    pairs = encode_all(encoder, TEXTS_A, TEXTS_B)
    for encoded, texts in ((pairs.first, TEXTS_A), (pairs.second, TEXTS_B)):
        assert rows(encoded) == rows(encode_all(encoder, texts))
    assert pairs.lengths.tolist() == [1, 3, 3, 2, 3, 2]
    assert pairs.num_truncated == 2


def test_jieba_runs_before_the_graph():
    vocabulary = WordVocabulary(["<pad>", "<unk>", "酒店", "整洁"])
    encoder = build_encoder(vocabulary, TextSettings(True, 9, "jieba", "separate"))
    pairs = encode_all(encoder, ["酒店整洁", ""], ["整洁酒店", "整洁"])
    assert rows(pairs.first)[1:-1] == [[2, 3], [1]]
    assert rows(pairs.second)[1:-1] == [[3, 2], [3]]


@pytest.mark.parametrize("tokenizer", ["wordpiece", "whitespace", "basic"])
def test_empty_separate_columns(tokenizer):
    vocabulary = VOCABULARY if tokenizer == "wordpiece" else WORDS
    encoder = build_encoder(vocabulary, TextSettings(True, 3, tokenizer, "separate"))
    assert len(encode_all(encoder, [])) == len(encode_all(encoder, [], [])) == 0
