"""Tests of what text settings are turned into."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.text.build import build_encoder
from distill_tf.text.build import build_splitter
from distill_tf.text.build import load_vocabulary
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.settings import TextSettings
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.word_vocabulary import WordVocabulary

TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"]


def test_layout_bert():
    settings = TextSettings(do_lower_case=True, max_seq_length=7)
    encoder = build_encoder(Vocabulary(TOKENS), settings)
    assert isinstance(encoder, TextEncoder)
    assert encoder.settings == settings


@pytest.mark.parametrize(
    ("tokenizer", "words"),
    [
        ("whitespace", ["整洁。it's"]),
        ("basic", ["整", "洁", "。", "it", "'", "s"]),
        ("jieba", ["整洁", "。", "it", "'", "s"]),
    ],
)
def test_splitters_by_name(tokenizer, words):
    splitter = build_splitter(tokenizer, do_lower_case=True)
    assert splitter.split_words(["整洁。It's"]) == [words]
    settings = TextSettings(True, 7, tokenizer, "separate")
    encoder = build_encoder(WordVocabulary(TOKENS), settings)
    assert encoder.split_words(["整洁。It's"]) == [words]


def test_pieces_of_words_need_a_vocabulary():
    with pytest.raises(ValueError, match="one of whitespace, basic, jieba but is 'wo"):
        build_splitter("wordpiece", do_lower_case=True)


def test_vocabulary_is_of_the_tokenizers_kind(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("<pad>\n<unk>\na\n", encoding="utf-8")
    words = load_vocabulary(path, TextSettings(True, 7, "basic", "separate"))
    assert words.tokens == ("<pad>", "<unk>", "a")
    with pytest.raises(DistillError, match=r"lacks the special tokens \[PAD\]"):
        load_vocabulary(path, TextSettings(True, 7, "wordpiece", "separate"))
