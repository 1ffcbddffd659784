"""Tests of files of one token a line."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.text.vocabulary_file import read_lines


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\nb\xff\n", r"words\.txt:2: expected UTF-8 .* byte 0xff: save the voc"),
        (b"\xef\xbb\xbfa\nb\n\xb5\xc4\n", r"words\.txt:3: .* byte 0xb5: save the"),
        (
            "的\n".encode() + "的\n".encode("gbk"),
            r":2: .* 0xb5: the .* mixes encodings",
        ),
        ("的\nab\n".encode("utf-16"), r"words\.txt:1: .* byte 0xff: save"),
        ("a\nb\n".encode("utf-16-le"), r"words\.txt:1: .* byte 0x00: save"),
    ],
)
def test_other_encodings_are_told(tmp_path, content, message):
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(DistillError, match=message):
        read_lines(path, "advice")


def test_missing_file_is_told(tmp_path):
    with pytest.raises(DistillError, match=r"absent could not be read .*: give it\.$"):
        read_lines(tmp_path / "absent", "give it")
