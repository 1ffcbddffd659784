"""Tests of embedding tables made from pretrained vectors."""

import time

import numpy as np
import pytest
from real_data import real_data
from word_vector_files import write_glove
from word_vector_files import write_word2vec_binary
from word_vector_files import write_word2vec_text

from distill_tf.errors import DistillError
from distill_tf.text.word_vectors import load_word_vectors

WORDS = [f"word{i}" for i in range(400)]
MATRIX = np.float32(
    np.random.default_rng(1).normal([3, 0, -2, 9, 0], [0.5, 2, 1, 0, 4], (400, 5))
)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "vectors.txt"
    write_glove(path, WORDS, MATRIX)
    return path


def test_rows_follow_the_vocabulary(path):
    vectors = load_word_vectors(path, ["<pad>", "word7", "Word7", "word0", "\ud800"])
    assert vectors.found.tolist() == [False, True, False, True, False]
    assert vectors.found_fraction == 0.4
    np.testing.assert_array_equal(vectors.matrix[[1, 3]], MATRIX[[7, 0]])
    assert vectors.matrix.shape == (5, 5)
    assert vectors.matrix.dtype == np.float32


def test_missing_words_are_distributed_as_those_found(path):
    absent = [f"absent{i}" for i in range(4000)]
    drawn = load_word_vectors(path, absent + WORDS).matrix[:4000]
    np.testing.assert_allclose(drawn.mean(axis=0), MATRIX.mean(axis=0), atol=0.3)
    np.testing.assert_allclose(drawn.std(axis=0), MATRIX.std(axis=0), rtol=0.05)
    assert len(np.unique(drawn[:, 4])) > 3900


def test_seed_decides(path):
    words = ["word1", "word2", "absent"]
    first, same, other = (load_word_vectors(path, words, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.matrix, same.matrix)
    np.testing.assert_array_equal(first.matrix[:2], other.matrix[:2])
    assert not np.array_equal(first.matrix[2], other.matrix[2])


def test_first_row_of_a_repeated_word_counts(path):
    write_glove(path, ["a", "b", "a"], MATRIX[:3])
    vectors = load_word_vectors(path, ["a", "b"])
    np.testing.assert_array_equal(vectors.matrix, MATRIX[:2])


def test_none_found_is_told(path):
    with pytest.raises(DistillError, match="but has none of its 2 words"):
        load_word_vectors(path, ["<pad>", "WORD1"])


@pytest.mark.parametrize(
    "write", [write_glove, write_word2vec_text, write_word2vec_binary]
)
def test_large_file_is_quick(tmp_path, write):
    words = [f"w{i}" for i in range(50_000)]
    matrix = np.tile(MATRIX, (125, 4))
    write(tmp_path / "vectors", words, matrix)
    start = time.process_time()
    vectors = load_word_vectors(tmp_path / "vectors", words[::10])
    assert time.process_time() - start < 2
    np.testing.assert_array_equal(vectors.matrix, matrix[::10])


@pytest.mark.real_data
def test_real_glove():
    path = real_data("vectors", "glove.6B.50d.top5k.txt")
    vectors = load_word_vectors(path, ["the", "movie", "film", "tuesday", "zzzzz"])
    assert vectors.found.tolist() == [True, True, True, True, False]
    the, movie, film, tuesday = vectors.matrix[:4]
    np.testing.assert_allclose(the[:2], [0.418, 0.24968])
    assert np.dot(movie, film) > 2 * np.dot(movie, tuesday)
