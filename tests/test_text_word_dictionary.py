"""Tests of word lists of others."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.text.word_dictionary import load_word_dictionary


def write(tmp_path, text):
    path = tmp_path / "senta_word_dict.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_word_is_the_first_field(tmp_path, end):
    text = "[PAD]\n[UNK]\t3\n酒店\t12\tn\n的\n酒店\t1\tv" + end
    vocabulary = load_word_dictionary(write(tmp_path, text))
    assert vocabulary.tokens == ("[PAD]", "[UNK]", "酒店", "的")
    assert (vocabulary.pad_id, vocabulary.unk_id) == (0, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[PAD]\n[UNK]\n\n的\n", r"dict\.txt:3: expected a word, .* but found ''"),
        ("[PAD]\n\t4\n", r"dict\.txt:2: expected a word, .* but found '\\t4'"),
        ("的\t4\n[PAD]\n", r"dict\.txt should hold the word <unk> .* 2 words"),
        ("", r"dict\.txt should hold the word <pad> .* 0 words"),
    ],
)
def test_bad_file_is_named(tmp_path, text, message):
    with pytest.raises(DistillError, match=message):
        load_word_dictionary(write(tmp_path, text))
