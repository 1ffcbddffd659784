"""Tests of the vocabulary."""

import pytest
from real_data import real_data

from distill_tf.errors import DistillError
from distill_tf.text.vocabulary import Vocabulary

SPECIAL = ["[UNK]", "[SEP]", "[PAD]", "[MASK]", "[CLS]"]


def test_ids_are_positions():
    vocabulary = Vocabulary([*SPECIAL, "a", "##b"])
    assert (vocabulary.unk_id, vocabulary.sep_id, vocabulary.pad_id) == (0, 1, 2)
    assert (vocabulary.mask_id, vocabulary.cls_id) == (3, 4)
    assert [vocabulary.id_of(token) for token in ("a", "##b", "b")] == [5, 6, 0]
    assert "a" in vocabulary
    assert "b" not in vocabulary
    assert len(vocabulary) == 7


def test_mask_may_be_absent():
    assert Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]"]).mask_id is None


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("byte_order_mark", ["", "\ufeff"])
def test_load_tolerates_line_ends(tmp_path, end, line_break, byte_order_mark):
    tokens = [*SPECIAL, "\u2028", "##\u2028", "\x85", "\x1c", "é"]
    path = tmp_path / "vocab.txt"
    path.write_bytes((byte_order_mark + line_break.join(tokens) + end).encode())
    assert Vocabulary.load(path).tokens == tuple(tokens)


def test_save_and_load_round_trip(tmp_path):
    vocabulary = Vocabulary([*SPECIAL, "\u2028", "é", "##\u3000"])
    vocabulary.save(tmp_path / "vocab.txt")
    assert Vocabulary.load(tmp_path / "vocab.txt").tokens == vocabulary.tokens


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[PAD]\n[UNK]\n\n[CLS]\n", r"vocab\.txt:3: expected one token but found ''"),
        (b"[PAD]\na\nb\na\n", r"vocab\.txt:4: the token 'a' stands on line 2"),
        (b"[PAD]\n[CLS]\n", r"vocab\.txt lacks the special tokens \[UNK\], \[SEP\]"),
        (b"", r"vocab\.txt lacks .* among its 0 tokens"),
        (b"[PAD]\n[UNK]\nab\xff\n", r"vocab\.txt:3: expected UTF-8 .* 0xff"),
    ],
)
def test_bad_file_is_named(tmp_path, content, message):
    path = tmp_path / "vocab.txt"
    path.write_bytes(content)
    with pytest.raises(DistillError, match=message):
        Vocabulary.load(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DistillError, match=r"absent\.txt could not be read"):
        Vocabulary.load(tmp_path / "absent.txt")


def test_token_of_two_lines_is_refused():
    with pytest.raises(DistillError, match=r"vocabulary:6: .*'a\\nb'"):
        Vocabulary([*SPECIAL, "a\nb"])


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("model", "size"),
    [("uncased_L-4_H-256_A-4", 30522), ("chinese_wwm_L-12_H-768_A-12", 21128)],
)
def test_real_file_round_trips_byte_for_byte(tmp_path, model, size):
    path = real_data("bert_meta", model, "vocab.txt")
    vocabulary = Vocabulary.load(path)
    vocabulary.save(tmp_path / "vocab.txt")
    assert len(vocabulary) == size
    assert (tmp_path / "vocab.txt").read_bytes() == path.read_bytes()
