"""Which vocabulary file is taken, and how each kind is read."""

import pytest
from real_data import real_data
from tiny_bert import TOKENS
from tiny_bert import write_json
from tiny_bert import write_tokens

from distill_tf.checkpoints.vocabulary_files import find_tokens
from distill_tf.checkpoints.vocabulary_files import guess_lower_case
from distill_tf.errors import DistillError

NAMES = ("vocab.txt", "tokenizer.json")


def tokenizer_json(**changes):
    ids = {token: i for i, token in reversed(list(enumerate(TOKENS)))}
    return {"model": {"type": "WordPiece", "vocab": ids, **changes}}


def test_first_name_that_exists(tmp_path):
    assert find_tokens(tmp_path, NAMES, None) is None
    write_json(tmp_path / "tokenizer.json", tokenizer_json())
    assert find_tokens(tmp_path, NAMES, None) == TOKENS
    write_tokens(tmp_path / "vocab.txt", [*TOKENS, "more"])
    assert find_tokens(tmp_path, NAMES, None) == (*TOKENS, "more")


def test_given_file_goes_first_and_must_exist(tmp_path):
    write_tokens(tmp_path / "vocab.txt")
    given = tmp_path / "given.txt"
    with pytest.raises(DistillError, match="given.txt"):
        find_tokens(tmp_path, NAMES, given)
    write_tokens(given, [*TOKENS, "more"])
    assert len(find_tokens(tmp_path, NAMES, given)) == 38


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (tokenizer_json(type="BPE"), "its model is 'BPE'"),
        (tokenizer_json(vocab=[["a", -1.0]]), "WordPiece vocabulary"),
        (tokenizer_json(vocab={"[PAD]": 0, "[UNK]": 2}), "0 to 1 without a gap"),
        ({}, "its model is None"),
    ],
)
def test_unfit_tokenizer_json(tmp_path, content, message):
    write_json(tmp_path / "tokenizer.json", content)
    with pytest.raises(DistillError, match=f"tokenizer.json.*{message}"):
        find_tokens(tmp_path, NAMES, None)


@pytest.mark.parametrize(
    ("tokens", "do_lower_case"),
    [(("a", "##b"), True), (("a", "A"), False), (("的", "[UNK]"), None)],
)
def test_guess_lower_case(tokens, do_lower_case):
    assert guess_lower_case(tokens) is do_lower_case


@pytest.mark.real_data
@pytest.mark.parametrize(
    "model", ["uncased_L-4_H-256_A-4", "chinese_wwm_L-12_H-768_A-12"]
)
def test_real_vocabularies_are_of_lowercased_text(model):
    tokens = find_tokens(real_data("bert_meta", model), NAMES, None)
    assert guess_lower_case(tokens) is True
