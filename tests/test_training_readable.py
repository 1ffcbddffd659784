"""A run's own files: read, or told of in one sentence."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.training.readable import read_json


@pytest.mark.parametrize(("content", "kind"), [('{"a": [1]}', dict), ("[]", list)])
def test_what_is_whole_is_read(tmp_path, content, kind):
    (tmp_path / "file.json").write_text(content, "utf-8")
    assert isinstance(read_json(tmp_path / "file.json", kind, "remove it"), kind)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", None]
)
def test_what_is_damaged_is_told_with_its_mend(tmp_path, content):
    path = tmp_path / "file.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DistillError) as caught:
        read_json(path, dict, "remove it")
    sentence = str(caught.value)
    assert sentence.startswith(
        f"{path} should belong to this run, but cannot be read ("
    )
    assert sentence.endswith("); remove it.") and "\n" not in sentence
