"""Texts in flat arrays, and written from them."""

import numpy as np
import pytest

from distill_tf.augmentation.analysis import Analysis
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.english import EnglishAnalyzer
from distill_tf.augmentation.lexicon import Lexicon
from distill_tf.augmentation.same_tag_words import SameTagWords

TEXTS = ["a good film , a film", "", "good!"]


def test_corpus_arrays():
    corpus = Corpus.analyse(TEXTS, EnglishAnalyzer(tagged=False))
    assert corpus.lexicon.words == ["a", "good", "film", ",", "!"]
    np.testing.assert_array_equal(corpus.word_ids, [0, 1, 2, 3, 0, 2, 1, 4])
    np.testing.assert_array_equal(corpus.spaced, [0, 1, 1, 1, 1, 1, 0, 0])
    np.testing.assert_array_equal(corpus.row_splits, [0, 6, 6, 8])
    assert len(corpus) == 3
    assert corpus.positions(2) == slice(6, 8)


def test_lexicon_gives_a_word_one_id():
    lexicon = Lexicon(["a", "b", "a"])
    assert lexicon.words == ["a", "b"]
    assert lexicon.add("b") == 1
    assert lexicon.add("c") == 2
    assert len(lexicon) == 3


@pytest.mark.parametrize(
    ("starts", "stops", "texts"),
    [
        (None, None, ["good film !b", "b good !good"]),
        ([1, 0], [3, 1], ["film !", "b"]),
        ([2, 1], [2, 4], ["", "good !good"]),
    ],
)
def test_writing_texts(starts, stops, texts):
    lexicon = Lexicon(["good", "film", "!", "b"])
    word_ids = np.array([[0, 1, 2, 3], [3, 0, 2, 0]], np.int32)
    spaced = np.array([False, True, True, False])
    spans = [None if s is None else np.array(s) for s in (starts, stops)]
    assert lexicon.write(word_ids, spaced, *spans) == texts


def tagged_by_first_letter(text):
    words = text.split()
    return Analysis(words, [True] * len(words), [word[0] for word in words])


def test_words_of_the_same_tag_come_as_often_as_in_the_corpus():
    corpus = Corpus.analyse(["a1 b1 a2 a1", "c1 a1 b2"], tagged_by_first_letter)
    same_tag = SameTagWords(corpus)
    # Position 2 holds a2, 5 another a; 4 holds the only c.
    positions = np.repeat([2, 1, 4], 6000)
    drawn = same_tag.draw(positions, np.random.default_rng(0)).reshape(3, -1)
    words = np.array(corpus.lexicon.words)[drawn]
    shares = {w: np.mean(words[0] == w) for w in ("a1", "a2")}
    assert shares == pytest.approx({"a1": 3 / 4, "a2": 1 / 4}, abs=0.02)
    assert set(words[1]) == {"b1", "b2"}
    assert np.mean(words[1] == "b1") == pytest.approx(1 / 2, abs=0.02)
    assert set(words[2]) == {"c1"}
