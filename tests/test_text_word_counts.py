"""Tests of counted vocabularies."""

import random

import pytest

from distill_tf.errors import DistillError
from distill_tf.text.word_counts import count_vocabulary

TEXTS = [["b", "a", "c", "c"], [], ["c", "b", "<unk>", "<unk>"], ["é", "a", "B"]]


@pytest.mark.parametrize(
    ("vocab_size", "words"),
    [
        (100, ("<pad>", "<unk>", "c", "a", "b", "B", "é")),
        (5, ("<pad>", "<unk>", "c", "a", "b")),
        (3, ("<pad>", "<unk>", "c")),
    ],
)
def test_frequent_words_stand_first(vocab_size, words):
    vocabulary = count_vocabulary(TEXTS, vocab_size)
    assert vocabulary.tokens == words
    assert (vocabulary.pad_id, vocabulary.unk_id) == (0, 1)


def test_order_of_the_texts_does_not_matter():
    shuffled = [random.Random(3).sample(words, len(words)) for words in TEXTS[::-1]]
    assert (
        count_vocabulary(iter(shuffled), 9).tokens == count_vocabulary(TEXTS, 9).tokens
    )


def test_words_are_needed():
    with pytest.raises(DistillError, match="training texts, but they have none"):
        count_vocabulary([[], ["<pad>"]], 9)


def test_room_is_needed():
    with pytest.raises(DistillError, match="vocab_size must be at least 3, .* is 2"):
        count_vocabulary(TEXTS, 2)
