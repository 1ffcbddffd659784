"""Tests of the way between Python strings and string tensors."""

import pytest
import tensorflow as tf

from distill_tf.text import string_tensors
from distill_tf.text.string_tensors import as_string_tensor
from distill_tf.text.string_tensors import word_lists


def test_texts_are_utf8():
    assert as_string_tensor(["é", ""]).numpy().tolist() == ["é".encode(), b""]


def test_lone_surrogates_are_invalid_bytes():
    assert as_string_tensor(["a\ud800"]).numpy().tolist() == [b"a\xed\xa0\x80"]


def test_no_texts_are_a_string_tensor():
    tensor = as_string_tensor([])
    assert tensor.dtype == tf.string
    assert tensor.shape == (0,)


@pytest.mark.parametrize("rows_at_a_time", [1, 2, 3, 100])
def test_word_lists_keep_the_order(monkeypatch, rows_at_a_time):
    monkeypatch.setattr(string_tensors, "_ROWS_AT_A_TIME", rows_at_a_time)
    texts = ["é b", "", "c", " ", "d é f"]
    lists = word_lists(tf.strings.split, texts)
    assert lists == [["é", "b"], [], ["c"], [], ["d", "é", "f"]]
    assert word_lists(tf.strings.split, []) == []
