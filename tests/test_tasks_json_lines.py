"""JSON lines: nested keys, labels of every type, and what can be wrong."""

import json

import pytest

from distill_tf.errors import DistillError
from distill_tf.tasks.json_lines import JsonLinesFile

PAIR = JsonLinesFile(("train.jsonl",), ("question", "passage"), "label")
NESTED = JsonLinesFile(("train.jsonl",), ("seq1", "seq2"), "label.cls")
TEXT = JsonLinesFile(("x",), ("t",), "label")


def write(folder, content):
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(source, path):
    return [(row.line, row.texts, row.label) for row in source.rows(path)]


def test_rows(tmp_path):
    path = write(
        tmp_path,
        '{"question": "q\\u2028r", "passage": "p", "label": true, "idx": 3}\n\n'
        '{"passage": "v", "question": "u\u2028", "label": false}\r\n',
    )
    assert read(PAIR, path) == [
        (1, ("q\u2028r", "p"), "true"),
        (3, ("u\u2028", "v"), "false"),
    ]


def test_nested_label(tmp_path):
    path = write(tmp_path, '{"seq1": "a", "seq2": "b", "label": {"cls": 2}}\n')
    assert read(NESTED, path) == [(1, ("a", "b"), "2")]


def test_a_key_with_a_dot_wins_over_nesting(tmp_path):
    source = JsonLinesFile(("x",), ("t",), "label.cls")
    path = write(tmp_path, '{"t": "a", "label.cls": 1, "label": {"cls": 2}}')
    assert read(source, path) == [(1, ("a",), "1")]


@pytest.mark.parametrize(
    ("label", "text"),
    [("pos", "pos"), (3, "3"), (2.0, "2"), (0.25, "0.25"), (True, "true")],
)
def test_labels_of_every_type(tmp_path, label, text):
    path = write(tmp_path, json.dumps({"t": "a", "label": label}))
    assert read(TEXT, path) == [(1, ("a",), text)]


def test_labels_that_nobody_asks_for_may_be_missing_or_wrong(tmp_path):
    path = write(tmp_path, '{"t": "a"}\n{"t": "b", "label": []}')
    rows = [(row.line, row.texts, row.label) for row in TEXT.rows(path, False)]
    assert rows == [(1, ("a",), None), (2, ("b",), None)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"t": "b", "label": 1', "invalid JSON"),
        ("[" * 100_000, "invalid JSON"),
        ('{"t": "b", "label": ' + "1" * 5_000 + "}", "invalid JSON .*4300 digits"),
        ('["b", 1]', "expected a JSON object, got list"),
        ('{"text": "b", "label": 1}', r"expected the key 't', .*\['text', 'label'\]"),
        ('{"t": "b"}', "expected the key 'label'"),
        ('{"t": null, "label": 1}', "expected the key 't'"),
        ('{"t": 7, "label": 1}', "expected a string under 't', got 7"),
        ('{"t": "b", "label": [1]}', r"under 'label', got \[1\]"),
    ],
)
def test_bad_lines(tmp_path, line, message):
    path = write(tmp_path, '{"t": "a", "label": 0}\n' + line + "\n")
    with pytest.raises(DistillError, match=f"file:2: .*{message}"):
        read(TEXT, path)


@pytest.mark.parametrize("label", ["4", '{"class": 4}', "null"])
def test_missing_nested_key(tmp_path, label):
    path = write(tmp_path, f'{{"seq1": "a", "seq2": "b", "label": {label}}}')
    with pytest.raises(DistillError, match="file:1: expected the key 'label.cls'"):
        read(NESTED, path)


def test_not_utf8(tmp_path):
    path = write(tmp_path, b'{"t": "a", "label": 0}\n{"t": "\xe9", "label": 0}\n')
    with pytest.raises(DistillError, match="file:2: not UTF-8; save the file as UTF-8"):
        read(TEXT, path)
