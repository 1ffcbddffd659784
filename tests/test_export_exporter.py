"""What the formats share."""

import json

import pytest

from distill_tf.errors import DistillError
from distill_tf.export.exporter import files_under
from distill_tf.export.exporter import import_tool


def test_a_tool_that_is_there_is_imported():
    assert import_tool("json", extra="any") is json


def test_a_tool_that_is_not_there_is_named_with_its_command():
    with pytest.raises(DistillError) as raised:
        import_tool("no_such_tool.part", extra="thing")
    assert "needs no_such_tool.part" in str(raised.value)
    assert str(raised.value).endswith('run: pip install -e ".[thing]"')


def test_files_are_found_in_order(tmp_path):
    for name in ("b", "a/c", "a/d/e"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    names = [path.relative_to(tmp_path).as_posix() for path in files_under(tmp_path)]
    assert names == ["a/c", "a/d/e", "b"]
