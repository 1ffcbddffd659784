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
        "\xff",
    ],
)
def test_bad_file_is_named(tmp_path, content):
    path = tmp_path / "text.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(DistillError, match=r"text\.json: expected"):
        TextSettings.load(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DistillError, match=r"absent\.json could not be read"):
        TextSettings.load(tmp_path / "absent.json")
