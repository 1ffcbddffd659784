"""Tests of the input layout."""

import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.settings import TextSettings
from distill_tf.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary(["a", "b", "c", "[UNK]", "[CLS]", "[SEP]", "##b", "[PAD]"])
A, B, C, UNK, CLS, SEP, SUFFIX_B = range(7)


def make_encoder(max_seq_length):
    return TextEncoder.from_settings(VOCABULARY, TextSettings(True, max_seq_length))


def test_single_layout():
    encoded = make_encoder(5)(tf.constant(["a AB", "", "c c c c", "x"]))
    assert encoded["token_ids"].to_list() == [
        [CLS, A, A, SUFFIX_B, SEP],
        [CLS, SEP],
        [CLS, C, C, C, SEP],
        [CLS, UNK, SEP],
    ]
    assert encoded["segment_ids"].to_list() == [[0] * n for n in (5, 2, 5, 3)]


def test_pair_layout():
    encoded = make_encoder(7)(
        tf.constant(["a", "a a a a", "a a a", "", "a"]),
        tf.constant(["b", "b", "b b b", "", "b b b b b b"]),
    )
    assert encoded["token_ids"].to_list() == [
        [CLS, A, SEP, B, SEP],
        [CLS, A, A, A, SEP, B, SEP],
        [CLS, A, A, SEP, B, B, SEP],
        [CLS, SEP, SEP],
        [CLS, A, SEP, B, B, B, SEP],
    ]
    assert encoded["segment_ids"].to_list() == [
        [0, 0, 0, 1, 1],
        [0, 0, 0, 0, 0, 1, 1],
        [0, 0, 0, 0, 1, 1, 1],
        [0, 0, 1],
        [0, 0, 0, 1, 1, 1, 1],
    ]
    assert all(ids.dtype == tf.int32 for ids in encoded.values())


def test_truncated_rows_are_told():
    encoder = make_encoder(5)
    single = encoder.encode(tf.constant(["a a a", "a a a a"]))
    pair = encoder.encode(tf.constant(["a", "a"]), tf.constant(["b", "b b"]))
    assert single.is_truncated.numpy().tolist() == [False, True]
    assert pair.is_truncated.numpy().tolist() == [False, True]


def test_empty_batch():
    none = tf.constant([], tf.string)
    assert make_encoder(5)(none, none)["token_ids"].to_list() == []


def test_settings_rebuild_the_encoder():
    settings = TextSettings(do_lower_case=False, max_seq_length=7)
    encoder = TextEncoder.from_settings(VOCABULARY, settings)
    assert encoder.settings == settings
    assert encoder.vocabulary is VOCABULARY


def test_room_is_checked():
    with pytest.raises(DistillError, match="at least 3 for the layout .* but is 2"):
        make_encoder(2)
    with pytest.raises(DistillError, match="at least 5 for the layout .* but is 4"):
        make_encoder(4)(tf.constant(["a"]), tf.constant(["b"]))


def test_saved_model_equals(tmp_path):
    texts = ["a AB", "", "ç\u2028b\x00", "x" * 101]
    encoder = make_encoder(7)

    class Served(tf.Module):
        def __init__(self):
            super().__init__()
            self.encoder = encoder

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)] * 2)
        def __call__(self, texts_a, texts_b):
            features = self.encoder(texts_a, texts_b)
            return {name: ids.to_tensor() for name, ids in features.items()}

    tf.saved_model.save(Served(), str(tmp_path))
    restored = tf.saved_model.load(str(tmp_path))(
        tf.constant(texts), tf.constant(texts[::-1])
    )
    for name, ids in encoder(tf.constant(texts), tf.constant(texts[::-1])).items():
        tf.debugging.assert_equal(restored[name], ids.to_tensor())
