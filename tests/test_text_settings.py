"""Tests of the text settings."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.text.settings import TextSettings


@pytest.mark.parametrize("do_lower_case", [True, False])
def test_round_trip(tmp_path, do_lower_case):
    settings = TextSettings(do_lower_case=do_lower_case, max_seq_length=37)
    settings.save(tmp_path / "text.json")
    assert TextSettings.load(tmp_path / "text.json") == settings


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"max_seq_length": 37}',
        '{"do_lower_case": 1, "max_seq_length": 37}',
        '{"do_lower_case": true, "max_seq_length": "37"}',
        '{"do_lower_case": true, "max_seq_length": 37, "more": 1}',
        '{"do_lower_case": true, "max_seq_length": 37, "layout": 1}',
        "\xff",
    ],
)
def test_bad_file_is_named(tmp_path, content):
    path = tmp_path / "text.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(DistillError, match=r"text\.json: expected"):
        TextSettings.load(path)


def test_round_trip_of_words(tmp_path):
    settings = TextSettings(True, 37, tokenizer="jieba", layout="separate")
    settings.save(tmp_path / "text.json")
    assert TextSettings.load(tmp_path / "text.json") == settings


def test_file_of_an_older_version_is_bert(tmp_path):
    path = tmp_path / "text.json"
    path.write_text('{"do_lower_case": true, "max_seq_length": 37}', encoding="utf-8")
    settings = TextSettings.load(path)
    assert (settings.tokenizer, settings.layout) == ("wordpiece", "bert")


@pytest.mark.parametrize(
    ("tokenizer", "layout", "message"),
    [
        ("words", "separate", "one of wordpiece, whitespace, .* but is 'words'"),
        ("wordpiece", "pair", "one of bert, separate, .* but is 'pair'"),
        ("basic", "bert", "layout bert needs the tokenizer wordpiece but has basic"),
    ],
)
def test_values_are_checked(tmp_path, tokenizer, layout, message):
    with pytest.raises(ValueError, match=message):
        TextSettings(True, 37, tokenizer, layout)
    path = tmp_path / "text.json"
    TextSettings(True, 37).save(path)
    content = path.read_text(encoding="utf-8")
    content = content.replace('"wordpiece"', f'"{tokenizer}"')
    path.write_text(content.replace('"bert"', f'"{layout}"'), encoding="utf-8")
    with pytest.raises(DistillError, match=rf"text\.json: .*{message}.*: restore"):
        TextSettings.load(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DistillError, match=r"absent\.json could not be read"):
        TextSettings.load(tmp_path / "absent.json")
