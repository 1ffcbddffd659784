"""Tab- and comma-separated files: columns, quoting, and what can be wrong."""

import csv

import pytest
from absl import logging

from distill_tf.errors import DistillError
from distill_tf.tasks.delimited import DelimitedFile

TSV = DelimitedFile(("train.tsv",), ("text",), "label")
PAIR = DelimitedFile(("train.tsv",), ("first", "second"), "label")
CSV = DelimitedFile(("train.csv",), ("text",), "label", delimiter=",", quoted=True)


def write(folder, content):
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(source, path, with_labels=True):
    rows = source.rows(path, with_labels)
    return [(row.line, row.texts, row.label) for row in rows]


def test_columns_are_found_by_name_in_any_order(tmp_path):
    path = write(tmp_path, "label\tid\tsecond\tfirst\n1\t7\tb\ta\n0\t8\td\tc\n")
    assert read(PAIR, path) == [(2, ("a", "b"), "1"), (3, ("c", "d"), "0")]


def test_columns_by_position_without_a_header(tmp_path):
    source = DelimitedFile(("x",), (3,), 1, header=False, columns=4)
    path = write(tmp_path, "gj04\t1\t\tThe ship sank.\n")
    assert read(source, path) == [(1, ("The ship sank.",), "1")]


def test_positions_need_the_number_of_columns():
    with pytest.raises(ValueError, match="number of columns"):
        DelimitedFile(("x",), (0,), 1, header=False)


def test_quotes_are_ordinary_in_tsv(tmp_path):
    path = write(tmp_path, 'text\tlabel\n" said so\t1\na ""b\t0\n')
    assert read(TSV, path) == [(2, ('" said so',), "1"), (3, ('a ""b',), "0")]


def test_quotes_enclose_fields_in_csv(tmp_path):
    path = write(tmp_path, 'text,label\n"one, ""two""\nthree",1\nfour,0\n')
    assert read(CSV, path) == [(2, ('one, "two"\nthree',), "1"), (4, ("four",), "0")]


@pytest.mark.parametrize(
    "separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"]
)
def test_exotic_separators_stay_inside_a_text(tmp_path, separator):
    path = write(tmp_path, f"text\tlabel\na{separator}b\t1\n")
    assert read(TSV, path) == [(2, (f"a{separator}b",), "1")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_universal_newlines_and_byte_order_mark(tmp_path, line_end):
    lines = ["\ufefftext\tlabel", "a\t1", "", "b\t0"]
    path = write(tmp_path, line_end.join(lines))
    assert read(TSV, path) == [(2, ("a",), "1"), (4, ("b",), "0")]


def test_very_long_fields_leave_the_process_wide_limit_alone(tmp_path):
    limit = csv.field_size_limit()
    path = write(tmp_path, f"text\tlabel\n{'x' * (limit + 1)}\t1\n")
    ((_, (text,), _),) = read(TSV, path)
    assert len(text) == limit + 1
    assert csv.field_size_limit() == limit


def test_readers_that_take_turns_leave_it_alone_too(tmp_path):
    limit = csv.field_size_limit()
    long = "x" * (limit + 1)
    path = write(tmp_path, f"text\tlabel\na\t0\n{long}\t1\n")
    stopped, first, second = (TSV.rows(path) for _ in range(3))
    assert next(stopped).texts == next(first).texts == next(second).texts == ("a",)
    assert csv.field_size_limit() == limit
    assert [row.texts for row in first] == [row.texts for row in second] == [(long,)]
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize("content", ["text\na\n", "text\tlabel\na\t1\n"])
def test_labels_that_nobody_asks_for_may_be_missing(tmp_path, content):
    path = write(tmp_path, content)
    assert read(TSV, path, with_labels=False) == [(2, ("a",), None)]


def test_positions_without_labels(tmp_path):
    source = DelimitedFile(("x",), (1,), 0, header=False, columns=2)
    path = write(tmp_path, "?\tsome text\n")
    assert read(source, path, with_labels=False) == [(1, ("some text",), None)]


@pytest.mark.parametrize("source", [TSV, CSV])
def test_a_blank_line_of_a_single_column_is_the_empty_text(tmp_path, source):
    path = write(tmp_path, "\ntext\na\n\nb\n\n")
    assert read(source, path, with_labels=False) == [
        (3, ("a",), None),
        (4, ("",), None),
        (5, ("b",), None),
        (6, ("",), None),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text\tlabel\na\t1\nb\n", r"file:3: expected 2 columns .* tabs, got 1"),
        ("text\tlabel\n\na\tb\t1\n", r"file:3: expected 2 columns .* got 3"),
        ("sentence\tlabel\na\t1\n", r"file:1: .* 'text', found no column .*'sentence'"),
        ("text\ta\nx\t1\n", r"file:1: .* 'label', found no column"),
        ("text\ttext\tlabel\na\tb\t1\n", r"file:1: .* 'text', found 2 columns"),
        ("", r"file: expected a header line, got an empty file"),
        ("\n\n", r"file: expected a header line, got an empty file"),
        (b"text\tlabel\na\t1\nb\xff\t0\n", r"file:3: not UTF-8"),
        (b"text\tlabel\r\na\t1\r\nb\xc3\t0\r\n", r"file:3: not UTF-8"),
    ],
)
def test_bad_tsv(tmp_path, content, message):
    with pytest.raises(DistillError, match=message):
        read(TSV, write(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('text,label\na,1\n"b,0\nc,1\n', r"file:3: broken quoting"),
        ('text,label\n"a"b,1\n', r"file:2: broken quoting"),
        ("text,label\na,b,1\n", r"file:2: expected 2 columns .* commas, got 3"),
    ],
)
def test_bad_csv(tmp_path, content, message):
    with pytest.raises(DistillError, match=message):
        read(CSV, write(tmp_path, content))


def test_bad_bytes_far_into_a_large_file_name_their_line(tmp_path):
    content = b"text\tlabel\n" + b"fine\t1\n" * 50_000 + b"b\xffd\t0\n"
    with pytest.raises(DistillError, match="file:50002: not UTF-8"):
        read(TSV, write(tmp_path, content))


def test_short_rows_are_skipped_and_counted(tmp_path, monkeypatch):
    warnings = []
    monkeypatch.setattr(logging, "warning", lambda text, *a: warnings.append(text % a))
    source = DelimitedFile(("x",), ("first", "second"), "label", skip_short_rows=True)
    path = write(tmp_path, "first\tsecond\tlabel\na\tb\t1\nc\nd\te\nf\tg\t0\n")
    assert read(source, path) == [(2, ("a", "b"), "1"), (5, ("f", "g"), "0")]
    assert warnings == [f"{path}: skipped 2 rows with fewer than 3 columns"]


def test_long_rows_are_never_skipped(tmp_path):
    source = DelimitedFile(("x",), ("text",), "label", skip_short_rows=True)
    with pytest.raises(DistillError, match="file:2: expected 2 columns .* got 3"):
        read(source, write(tmp_path, "text\tlabel\na\tb\t1\n"))


def test_the_first_name_that_exists_is_found(tmp_path):
    source = DelimitedFile(("dev.tsv", "valid.tsv"), ("text",), "label")
    assert source.find(tmp_path) is None
    (tmp_path / "valid.tsv").touch()
    assert source.find(tmp_path) == tmp_path / "valid.tsv"
    (tmp_path / "dev.tsv").touch()
    assert source.find(tmp_path) == tmp_path / "dev.tsv"
