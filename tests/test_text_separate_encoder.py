"""Tests of the layout that keeps texts apart."""

import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.text.build import build_encoder
from distill_tf.text.settings import TextSettings
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.word_vocabulary import WordVocabulary

WORDS = WordVocabulary(["a", "b", "<unk>", "<pad>", "!"])
PIECES = Vocabulary(["a", "b", "[UNK]", "[PAD]", "!", "[CLS]", "[SEP]", "##b"])
A, B, UNK, _, MARK = range(5)


def make_encoder(max_seq_length=3, tokenizer="basic"):
    vocabulary = PIECES if tokenizer == "wordpiece" else WORDS
    settings = TextSettings(True, max_seq_length, tokenizer, "separate")
    return build_encoder(vocabulary, settings)


@pytest.mark.parametrize("tokenizer", ["wordpiece", "basic"])
def test_texts_have_no_special_tokens(tokenizer):
    encoded = make_encoder(tokenizer=tokenizer)(
        tf.constant(["a B!", "", " \t", "a b a b", "x"])
    )
    assert encoded["token_ids"].to_list() == [
        [A, B, MARK],
        [UNK],
        [UNK],
        [A, B, A],
        [UNK],
    ]
    assert encoded["segment_ids"].to_list() == [[0] * n for n in (3, 1, 1, 3, 1)]
    assert all(ids.dtype == tf.int32 for ids in encoded.values())


def test_each_text_of_a_pair_has_the_maximum_length_for_itself():
    texts_a, texts_b = tf.constant(["a a a a", "b"]), tf.constant(["b", "a b a b"])
    encoded = make_encoder()(texts_a, texts_b)
    assert encoded["first"]["token_ids"].to_list() == [[A, A, A], [B]]
    assert encoded["second"]["token_ids"].to_list() == [[B], [A, B, A]]
    assert encoded["second"]["segment_ids"].to_list() == [[0], [0, 0, 0]]


def test_truncated_rows_are_told():
    batch = make_encoder(max_seq_length=1).encode(tf.constant(["a", "a b", ""]))
    assert batch.token_ids.to_list() == [[A], [A], [UNK]]
    assert batch.is_truncated.numpy().tolist() == [False, True, False]


def test_empty_batch():
    assert make_encoder()(tf.constant([], tf.string))["token_ids"].to_list() == []


def test_words_are_those_that_are_looked_up():
    assert make_encoder().split_words(["A b!"]) == [["a", "b", "!"]]
    pieces = make_encoder(tokenizer="wordpiece").split_words(["abb x", ""])
    assert pieces == [["a", "##b", "##b", "[UNK]"], []]


def test_settings_rebuild_the_encoder():
    encoder = make_encoder(5)
    assert encoder.settings == TextSettings(True, 5, "basic", "separate")
    assert encoder.max_seq_length == 5
    assert encoder.vocabulary is WORDS


def test_room_is_checked():
    with pytest.raises(DistillError, match="at least 1, but is 0"):
        make_encoder(0)


@pytest.mark.parametrize("tokenizer", ["wordpiece", "whitespace", "basic"])
def test_saved_model_equals(tmp_path, tokenizer):
    texts = ["a B!", "", "b\u2028a\x00", "é <pad> b"]
    encoder = make_encoder(tokenizer=tokenizer)
    assert not encoder.segments_in_python

    class Served(tf.Module):
        def __init__(self):
            super().__init__()
            self.encoder = encoder

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def __call__(self, texts):
            return self.encoder(texts)["token_ids"].to_tensor()

    tf.saved_model.save(Served(), str(tmp_path))
    restored = tf.saved_model.load(str(tmp_path))(tf.constant(texts))
    expected = encoder(tf.constant(texts))["token_ids"].to_tensor()
    tf.debugging.assert_equal(restored, expected)


def test_saved_jieba_model_reads_segmented_texts(tmp_path):
    vocabulary = WordVocabulary(["<pad>", "<unk>", "酒店", "整洁"])
    settings = TextSettings(True, 7, "jieba", "separate")
    encoder = build_encoder(vocabulary, settings)
    assert encoder.segments_in_python

    module = tf.Module()
    module.encoder = encoder
    module.ids = tf.function(
        lambda texts: encoder(texts)["token_ids"].to_tensor(),
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    tf.saved_model.save(module, str(tmp_path))
    ids = tf.saved_model.load(str(tmp_path)).ids
    assert ids(tf.constant(encoder.segment(["酒店整洁"]))).numpy().tolist() == [[2, 3]]
    assert ids(tf.constant(["酒店整洁"])).numpy().tolist() == [[1]]
