"""Tests of word vectors as text."""

import numpy as np
import pytest

from distill_tf.errors import DistillError
from distill_tf.text.word_vector_file import read_word_vectors

WANTED = {b"a", b"b", b". .", b"\xe9", b"word"}


def read(tmp_path, content):
    path = tmp_path / "vectors.txt"
    path.write_bytes(content)
    return [(word, vector.tolist()) for word, vector in read_word_vectors(path, WANTED)]


@pytest.mark.parametrize("header", [b"", b"2 3\n"])
@pytest.mark.parametrize(
    "content",
    [
        b"a 1 -2.5 3e-1\nb 0 0 1\n",
        b"a 1 -2.5 3e-1 \r\n\r\nb 0 0 1",
        b"a\t1\t-2.5\t3e-1\nb  0  0 1\n\n",
    ],
)
def test_spacing_does_not_matter(tmp_path, header, content):
    a, b = read(tmp_path, header + content)
    assert a == (b"a", np.float32([1, -2.5, 0.3]).tolist())
    assert b == (b"b", [0.0, 0.0, 1.0])


def test_words_may_hold_spaces_and_other_bytes(tmp_path):
    content = b"\xe9 1 2 3\n. . 4 5 6\nx\xe2\x80\xa8 7 8 9\n\xff 7 8 9\na 7 8 9\n"
    words = [word for word, _ in read(tmp_path, content)]
    assert words == [b"\xe9", b". .", b"a"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a 1 2 3\nz 1 2\n", r"txt:2: expected a word and 3 numbers.* found 2"),
        (b"a 1 2 3\nz 1 2 3 4\n", r"txt:2: expected a word and 3 numbers.* found 4"),
        (b"a 1 2 3\n\nb\n", r"txt:3: expected a word and 3 numbers.* found 0"),
        (b"1 3\na 1 2 3 4\n", r"txt:2: expected a word and 3 numbers.* found 4"),
        (b"a 1 2 3\nb 1 x 3\n", r"txt:2: expected 3 finite numbers .* found 'x'"),
        (b"a 1 x 3\n", r"txt:1: expected 3 finite numbers .* found 'x'"),
        (b"1 3\na 1 x 3\n", r"txt:2: expected 3 finite numbers .* found 'x'"),
        (b"a 1 2 nan\n", r"txt:1: expected 3 finite numbers .* found 'nan'"),
        (b"a 1 1e99 3\n", r"txt:1: expected 3 finite numbers .* found '1e99'"),
        (b"2 3\na 1 2 3\n", r"txt: expected 2 rows, .* but found 1:"),
        (b"1 3\na 1 2 3\nb 1 2 3\n", r"txt: expected 1 rows, .* but found 2:"),
        (b"1 3\n", r"txt: expected 1 rows, .* but found 0:"),
    ],
)
def test_broken_file_is_told(tmp_path, content, message):
    with pytest.raises(DistillError, match=message):
        read(tmp_path, content)
