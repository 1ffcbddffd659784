"""Tests of word2vec's binary format."""

import numpy as np
import pytest
from word_vector_files import write_word2vec_binary

from distill_tf.errors import DistillError
from distill_tf.text.word_vector_file import read_word_vectors

WORDS = ["</s>", "b", "酒店"]
MATRIX = np.float32(np.random.default_rng(3).normal(size=(3, 5)))


def read(path):
    return dict(read_word_vectors(path, {word.encode() for word in WORDS}))


@pytest.fixture(params=[b"\n", b""])
def path(tmp_path, request):
    path = tmp_path / "vectors.bin"
    write_word2vec_binary(path, WORDS, MATRIX, row_end=request.param)
    return path


def test_cut_short_anywhere_is_told(path):
    content = path.read_bytes()
    end_of_second_row = content.index("酒".encode())
    last_byte = len(content) - content.endswith(b"\n")
    for length in range(len(b"3 5\n</s> ") + 9, last_byte):
        path.write_bytes(content[:length])
        row = 3 if length >= end_of_second_row else r"\d"
        with pytest.raises(DistillError, match=f"row {row} is cut short"):
            read(path)


def test_last_line_feed_may_be_missing(path):
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    np.testing.assert_array_equal(list(read(path).values()), MATRIX)


def test_more_than_the_header_says_is_told(path):
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(DistillError, match="3 rows of 5 float32 .* but [45] bytes fo"):
        read(path)


@pytest.mark.parametrize("width", [4, 6])
def test_another_width_is_told(path, width):
    path.write_bytes(path.read_bytes().replace(b"3 5\n", b"3 %d\n" % width, 1))
    with pytest.raises(DistillError, match=f"3 rows of {width} float32 numbers"):
        read(path)


def test_wrong_number_is_told(tmp_path):
    path = tmp_path / "vectors.bin"
    matrix = MATRIX.copy()
    matrix[1, 2] = np.nan
    write_word2vec_binary(path, WORDS, matrix)
    with pytest.raises(DistillError, match="bin, row 2: .* 5 finite .* found nan"):
        read(path)
