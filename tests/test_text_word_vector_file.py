"""Tests of telling files of word vectors apart."""

from functools import partial

import numpy as np
import pytest
from word_vector_files import write_glove
from word_vector_files import write_word2vec_binary
from word_vector_files import write_word2vec_text

from distill_tf.errors import DistillError
from distill_tf.text.word_vector_file import read_word_vectors

WORDS = ["the", "酒店", "é", "10", "x"]
WRITERS = [
    write_glove,
    write_word2vec_text,
    write_word2vec_binary,
    partial(write_word2vec_binary, row_end=b""),
]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    "matrix",
    [
        np.float32(np.random.default_rng(5).normal(size=(5, 7))),
        np.zeros((5, 3), np.float32),
        np.full((5, 2), 0.1, np.float32),
        np.arange(5, dtype=np.float32)[:, np.newaxis],
        # In binary the first line ends within the number, and its bytes look empty.
        np.frombuffer(b"\n  \xbf 1 2" * 5, "<f4").reshape(5, 2),
    ],
)
def test_wanted_vectors_are_read(tmp_path, write, matrix):
    write(tmp_path / "vectors", WORDS, matrix)
    wanted = {"é".encode(), b"the", b"absent", b"x"}
    found = list(read_word_vectors(tmp_path / "vectors", wanted))
    assert [word.decode() for word, _ in found] == ["the", "é", "x"]
    np.testing.assert_array_equal([vector for _, vector in found], matrix[[0, 2, 4]])
    assert {vector.dtype for _, vector in found} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"\x1f\x8b\x08\x00abc def", b"PK\x03\x04 abc", b'{"a":1}\n', b"the\n"],
)
def test_other_kinds_are_told(tmp_path, content):
    path = tmp_path / "vectors"
    path.write_bytes(content)
    with pytest.raises(DistillError, match="expected word vectors, as GloVe or"):
        list(read_word_vectors(path, {b"the"}))


def test_unreadable_file_is_told(tmp_path):
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(DistillError, match="The word vectors .* could not be read"):
            list(read_word_vectors(path, {b"the"}))
