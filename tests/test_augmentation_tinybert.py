"""Words replaced by candidates, and candidates from word vectors."""

import numpy as np
import pytest

from distill_tf.augmentation.candidates import Candidates
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.english import EnglishAnalyzer
from distill_tf.augmentation.neighbours import nearest_words
from distill_tf.augmentation.replaceable import is_replaceable
from distill_tf.augmentation.replaceable import with_case_of
from distill_tf.augmentation.tinybert import TinyBertRewriter
from distill_tf.augmentation.vector_candidates import add_vector_candidates
from distill_tf.errors import DistillError

TRIES = 4000


def corpus_of(*texts):
    return Corpus.analyse(texts, EnglishAnalyzer(tagged=False))


def rewrite(corpus, candidates, text=0, p_replace=0.4, tries=TRIES, seed=0):
    rewriter = TinyBertRewriter(corpus, candidates, p_replace)
    return rewriter.rewrite(text, tries, np.random.default_rng(seed))


def test_words_are_replaced_with_probability_p_by_any_candidate():
    corpus = corpus_of("the funny film", "Film")
    candidates = Candidates(corpus)
    candidates.set(np.array([1]), ["witty", "droll"])
    candidates.set(np.array([2]), ["movie"])
    words = np.array([text.split() for text in rewrite(corpus, candidates)])
    shares = [
        {word: np.mean(column == word) for word in set(column)} for column in words.T
    ]
    assert shares[0] == {"the": 1}
    expected = {"funny": 0.6, "witty": 0.2, "droll": 0.2}
    assert shares[1] == pytest.approx(expected, abs=0.03)
    assert shares[2] == pytest.approx({"film": 0.6, "movie": 0.4}, abs=0.03)
    both = (words[:, 1] != "funny") & (words[:, 2] != "film")
    assert both.mean() == pytest.approx(0.16, abs=0.03), "words are independent"


def test_a_text_without_candidates_has_no_versions():
    corpus = corpus_of("the film", "")
    candidates = Candidates(corpus)
    assert rewrite(corpus, candidates, tries=3) == [None] * 3
    assert rewrite(corpus, candidates, text=1, tries=3) == [None] * 3


def test_later_candidates_take_the_place_of_earlier_ones():
    corpus = corpus_of("film")
    candidates = Candidates(corpus)
    candidates.set(np.array([0]), ["reel"])
    candidates.set(np.array([0]), ["movie"])
    assert rewrite(corpus, candidates, p_replace=1.0, tries=2) == ["movie"] * 2


def test_candidates_of_one_text_serve_its_twin():
    corpus = corpus_of("a film", "no", "a film")
    candidates = Candidates(corpus)
    candidates.set(np.array([1]), ["movie"])
    candidates.copy(corpus.positions(0), corpus.positions(2))
    assert rewrite(corpus, candidates, 2, p_replace=1.0, tries=1) == ["a movie"]
    assert candidates.counts(slice(0, 5)).tolist() == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("film", True),
        ("Film", True),
        ("好看", True),
        ("the", False),
        ("The", False),
        ("n't", False),
        ("12", False),
        (",", False),
        ("well-made", False),
    ],
)
def test_which_words_are_replaced(word, expected):
    assert is_replaceable(word) is expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("film", "movie"), ("Film", "Movie"), ("FILM", "MOVIE"), ("I", "Movie")],
)
def test_case_is_kept(word, expected):
    assert with_case_of(word, "movie") == expected


def test_nearest_words_by_cosine():
    words = ["east", "far east", "north", "north-east", "west"]
    vectors = np.array([[1, 0], [9, 0.1], [0, 2], [1, 1.1], [-1, 0]], np.float32)
    assert nearest_words(words, vectors, 2) == {
        "east": ["far east", "north-east"],
        "far east": ["east", "north-east"],
        "north": ["north-east", "far east"],
        "north-east": ["north", "far east"],
        "west": ["north", "north-east"],
    }


def test_fewer_words_than_neighbours_and_a_zero_vector():
    vectors = np.array([[1, 0], [0, 0], [1, 1]], np.float32)
    nearest = nearest_words(["a", "zero", "b"], vectors, 15)
    assert nearest["a"] == ["b", "zero"]
    assert sorted(nearest["zero"]) == ["a", "b"]


def test_many_words_agree_with_all_cosines_sorted():
    # More than have their cosines in memory at once.
    vectors = np.random.default_rng(0).normal(size=(4200, 7)).astype("f4")
    words = [str(i) for i in range(len(vectors))]
    nearest = nearest_words(words, vectors, 5)
    assert list(nearest) == words
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for row in range(0, len(words), 10):
        cosines = directions @ directions[row]
        cosines[row] = -1
        found = [int(word) for word in nearest[words[row]]]
        expected = np.sort(cosines)[:-6:-1]
        np.testing.assert_allclose(cosines[found], expected, atol=1e-6)


def test_candidates_from_vectors():
    corpus = corpus_of("The funny film", "a Movie , unknown witty", "film")
    vectors = {"funny": [1, 0], "witty": [1, 0.2], "film": [0, 1], "movie": [0.1, 1]}
    asked = []

    def load(words):
        asked.extend(words)
        found = np.array([word in vectors for word in words])
        return np.array([vectors.get(w, [9, 9]) for w in words], np.float32), found

    candidates = Candidates(corpus)
    add_vector_candidates(candidates, corpus, load, count=1)
    assert asked == ["funny", "film", "movie", "unknown", "witty"]
    every = [rewrite(corpus, candidates, i, p_replace=1.0, tries=1) for i in range(3)]
    assert every == [["The witty movie"], ["a Film , unknown funny"], ["movie"]]


def test_vectors_of_another_language_are_refused():
    corpus = corpus_of("funny film")
    nothing = np.zeros((2, 3), np.float32), np.zeros(2, bool)
    with pytest.raises(DistillError, match="only 0 of 2 have one; give another --emb"):
        add_vector_candidates(Candidates(corpus), corpus, lambda words: nothing, 5)
