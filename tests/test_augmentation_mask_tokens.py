"""Mask words as one token, whatever the tokenizer made of them."""

import numpy as np
import pytest

from distill_tf.augmentation.mask_tokens import restore_masks
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import WordVocabulary
from distill_tf.text import build_encoder
from distill_tf.text import encode_all

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PIECES = Vocabulary((*SPECIAL, "[", "]", "mask", "a", "film", "##s", "."))
WORDS = ("<pad>", "<unk>", "[", "]", "mask", "[mask]", "a", "film")
TEXTS = ["[MASK] film", "a [MASK] [MASK]", "", "[ mask film", "a.[MASK]films"]


def rows_of(encoded, vocabulary):
    ids = np.split(encoded.token_ids, encoded.row_splits[1:-1])
    return [" ".join(vocabulary.tokens[i] for i in row) for row in ids]


def encoder(max_seq_length=20):
    return TextEncoder.from_settings(PIECES, TextSettings(True, max_seq_length))


def test_the_tokenizer_alone_reads_text():
    rows = rows_of(encode_all(encoder(), TEXTS[:1]), PIECES)
    assert rows == ["[CLS] [ mask ] film [SEP]"]


def test_masks_of_a_bert():
    encoded = encode_all(encoder(), TEXTS)
    before = encoded.token_ids.copy()
    restored = restore_masks(encoded, encoder())
    assert rows_of(restored, PIECES) == [
        "[CLS] [MASK] film [SEP]",
        "[CLS] a [MASK] [MASK] [SEP]",
        "[CLS] [SEP]",
        "[CLS] [ mask film [SEP]",
        "[CLS] a . [MASK] film ##s [SEP]",
    ]
    assert restored.row_splits.dtype == encoded.row_splits.dtype
    np.testing.assert_array_equal(encoded.token_ids, before)


def test_segments_of_pairs_follow():
    pairs = encode_all(encoder(), ["a [MASK]"], ["[MASK]"])
    restored = restore_masks(pairs, encoder())
    assert rows_of(restored, PIECES) == ["[CLS] a [MASK] [SEP] [MASK] [SEP]"]
    assert restored.segment_ids.tolist() == [0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("tokenizer", ["whitespace", "basic", "jieba"])
def test_masks_are_unknown_words_of_a_word_vocabulary(tokenizer):
    vocabulary = WordVocabulary(WORDS)
    settings = TextSettings(True, 9, tokenizer=tokenizer, layout="separate")
    words = build_encoder(vocabulary, settings)
    encoded = encode_all(words, TEXTS[:3])
    restored = restore_masks(encoded, words)
    assert rows_of(restored, vocabulary) == ["<unk> film", "a <unk> <unk>", "<unk>"]


def test_pairs_of_separate_texts():
    settings = TextSettings(True, 9, tokenizer="basic", layout="separate")
    words = build_encoder(WordVocabulary(WORDS), settings)
    pairs = restore_masks(encode_all(words, ["a [MASK]"], ["[MASK] a film"]), words)
    assert rows_of(pairs.first, words.vocabulary) == ["a <unk>"]
    assert rows_of(pairs.second, words.vocabulary) == ["<unk> a film"]


def test_a_mask_word_that_is_unknown_anyway_is_left():
    encoded = encode_all(encoder(), ["zzz a qqq yyy"])
    assert restore_masks(encoded, encoder(), mask_word="zzz") is encoded


def test_a_mask_never_spans_rows_and_overlaps_do_not_count_twice():
    encoded = encode_all(encoder(), ["a a a", "a"])
    restored = restore_masks(encoded, encoder(), mask_word="a")
    assert rows_of(restored, PIECES) == [
        "[CLS] [MASK] [MASK] [MASK] [SEP]",
        "[CLS] [MASK] [SEP]",
    ]
    dots = encode_all(encoder(), [". . .", "."])
    restored = restore_masks(dots, encoder(), mask_word="..")
    assert rows_of(restored, PIECES) == ["[CLS] [MASK] . [SEP]", "[CLS] . [SEP]"]
