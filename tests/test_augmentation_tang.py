"""Masks, words of the same part of speech, n-grams: how many of each, and where."""

import numpy as np
import pytest

from distill_tf.augmentation.analysis import Analysis
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.tang import TangRewriter
from distill_tf.augmentation.tang import TangSettings

MASK = "<m>"
# Nine different words of three parts of speech; no part is replaced by another's.
TEXT = "n1 v1 n2 a1 n3 v2 a2 n4 v3"
WORDS = TEXT.split()
TRIES = 4000


def by_first_letter(text):
    words = text.split()
    return Analysis(words, [True] * len(words), [word[0] for word in words])


def versions(settings, texts=(TEXT, "n5 v4 a3"), text=0, tries=TRIES, seed=0):
    corpus = Corpus.analyse(texts, by_first_letter)
    rewriter = TangRewriter(corpus, TangSettings(**settings)._replace(mask_word=MASK))
    return rewriter.rewrite(text, tries, np.random.default_rng(seed))


def test_the_defaults_are_the_papers():
    assert TangSettings() == (0.1, 0.1, 0.25, 1, 5, "[MASK]")


def test_share_of_masked_words():
    new = versions({"p_mask": 0.3, "p_pos": 0.0, "p_ng": 0.0})
    words = np.array([text.split() for text in new if text])
    masked = words == MASK
    assert (words == WORDS)[~masked].all()
    np.testing.assert_allclose(masked.mean(axis=0), 0.3, atol=0.03)


def test_replaced_words_have_the_same_tag_and_share():
    new = versions({"p_mask": 0.2, "p_pos": 0.5, "p_ng": 0.0})
    words = np.array([text.split() for text in new if text])
    masked = words == MASK
    for column, original in enumerate(WORDS):
        found = words[~masked[:, column], column]
        assert {word[0] for word in found} == {original[0]}
    # Of five nouns in the corpus each is drawn in a fifth of the replacements.
    np.testing.assert_allclose((words[:, 0] == "n5").mean(), 0.5 / 5, atol=0.02)
    np.testing.assert_allclose(masked.mean(), 0.2, atol=0.02)


def test_n_grams_are_spans_of_every_length_and_place():
    new = versions({"p_mask": 0.0, "p_pos": 0.0, "p_ng": 1.0, "ngram_max": 3})
    spans = {(len(t.split()), WORDS.index(t.split()[0])) for t in new}
    assert all(text in TEXT for text in new)
    assert spans == {(n, i) for n in (1, 2, 3) for i in range(10 - n)}
    lengths = np.array([len(text.split()) for text in new])
    np.testing.assert_allclose(np.bincount(lengths)[1:] / TRIES, 1 / 3, atol=0.03)


def test_share_of_n_grams():
    new = versions({"p_mask": 0.0, "p_pos": 0.0, "p_ng": 0.25})
    assert np.mean([text != TEXT for text in new]) == pytest.approx(0.25, abs=0.03)


def test_a_text_shorter_than_the_n_gram_is_kept():
    settings = {"p_mask": 0.0, "p_pos": 0.0, "p_ng": 1.0, "ngram_min": 4}
    assert versions(settings, text=1, tries=5) == ["n5 v4 a3"] * 5


def test_a_version_without_an_original_word_is_of_no_use():
    assert versions({"p_mask": 1.0, "p_pos": 0.0}, tries=7) == [None] * 7
    one_word = versions({"p_mask": 0.5, "p_pos": 0.0}, texts=["n1"], tries=50)
    assert set(one_word) == {"n1", None}


def test_a_text_without_words():
    assert versions({}, texts=["", "n1"], tries=3) == [None] * 3


def test_the_same_generator_gives_the_same_versions():
    assert versions({}, tries=9) == versions({}, tries=9)
    assert versions({}, tries=9) != versions({}, tries=9, seed=1)
