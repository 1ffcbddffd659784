"""Tests of the vocabulary of words."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.text.word_vocabulary import WordVocabulary


@pytest.mark.parametrize(
    ("pad", "unk"), [("<pad>", "<unk>"), ("<PAD>", "<UNK>"), ("[PAD]", "[UNK]")]
)
def test_ids_are_positions(pad, unk):
    vocabulary = WordVocabulary(["a", unk, "酒店", pad])
    assert (vocabulary.pad_id, vocabulary.unk_id) == (3, 1)
    assert [vocabulary.id_of(word) for word in ("a", "酒店", "b")] == [0, 2, 1]
    assert "a" in vocabulary
    assert "b" not in vocabulary
    assert len(vocabulary) == 4


def test_first_of_several_special_words_counts():
    vocabulary = WordVocabulary(["[PAD]", "[UNK]", "<unk>", "<pad>"])
    assert (vocabulary.pad_id, vocabulary.unk_id) == (0, 1)


def test_save_and_load_round_trip(tmp_path):
    vocabulary = WordVocabulary(["<pad>", "<unk>", "é", "\u2028", "a\tb", "\x85"])
    vocabulary.save(tmp_path / "vocab.txt")
    assert WordVocabulary.load(tmp_path / "vocab.txt").tokens == vocabulary.tokens


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<pad>\n<unk>\n\na\n", r"vocab\.txt:3: expected one token but found ''"),
        ("<pad>\na\n<unk>\na\n", r"vocab\.txt:4: the token 'a' stands on line 2"),
        ("a\n<unk>\n", r"vocab\.txt should hold the word <pad> or .* its 2 words"),
        ("a\n[PAD]\n", r"vocab\.txt should hold the word <unk> or .* its 2 words"),
        ("", r"vocab\.txt should hold the word <pad> .* its 0 words"),
    ],
)
def test_bad_file_is_named(tmp_path, content, message):
    path = tmp_path / "vocab.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DistillError, match=message):
        WordVocabulary.load(path)
