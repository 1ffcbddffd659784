"""Tests of the look-up of words."""

import pytest
import tensorflow as tf

from distill_tf.text.basic_splitter import BasicSplitter
from distill_tf.text.word_splitter import WordSplitter
from distill_tf.text.word_tokenizer import WordTokenizer
from distill_tf.text.word_vocabulary import WordVocabulary

VOCABULARY = WordVocabulary(["été", "<unk>", "b", "<pad>", "!"])
ETE, UNK, B, _, MARK = range(5)


def test_words_become_ids():
    tokenizer = WordTokenizer(VOCABULARY, BasicSplitter(do_lower_case=False))
    ids = tokenizer(tf.constant(["été b!", "", "x été"]))
    assert ids.dtype == tf.int32
    assert ids.to_list() == [[ETE, B, MARK], [], [UNK, ETE]]


@pytest.mark.parametrize("word", ["<pad>", "<unk>", "[PAD]"])
def test_special_words_in_a_text_are_unknown(word):
    tokenizer = WordTokenizer(VOCABULARY, WordSplitter(do_lower_case=False))
    assert tokenizer(tf.constant([f"b {word}"])).to_list() == [[B, UNK]]


def test_words_of_a_text():
    tokenizer = WordTokenizer(VOCABULARY, WordSplitter(do_lower_case=True))
    assert tokenizer.split_words(["X b", ""]) == [["x", "b"], []]
    assert not tokenizer.segments_in_python
