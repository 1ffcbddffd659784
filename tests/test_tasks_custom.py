"""A user's own files: formats, collected labels, and what can be wrong."""

import json

import numpy as np
import pytest

from distill_tf.errors import DistillError
from distill_tf.tasks.custom import MOST_COLLECTED_LABELS
from distill_tf.tasks.custom import custom_task

ROWS = [("Title", "Body, with comma", "pos"), ("Other", "More", "neg")]


def write(folder, name, rows=ROWS):
    path = folder / name
    if name.endswith("jsonl"):
        keys = ("title", "body", "y")
        lines = [json.dumps(dict(zip(keys, row, strict=True))) for row in rows]
    elif name.endswith("csv"):
        lines = ["title,body,y", *(f'"{t}","{b}",{y}' for t, b, y in rows)]
    else:
        lines = ["title\tbody\ty", *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def with_labels(*labels):
    return [(f"t{i}", f"b{i}", label) for i, label in enumerate(labels)]


@pytest.mark.parametrize("extension", ["tsv", "csv", "jsonl"])
@pytest.mark.parametrize("stem", ["dev", "valid", "validation", "val"])
def test_formats_and_names(tmp_path, extension, stem):
    write(tmp_path, f"train.{extension}")
    write(tmp_path, f"{stem}.{extension}")
    task = custom_task("mine", ("title", "body"), "y", data_dir=tmp_path)
    assert task.labels == ("neg", "pos")
    assert task.is_pair
    dev = task.load(tmp_path, "dev")
    assert dev.texts_a == ["Title", "Other"]
    assert dev.texts_b == ["Body, with comma", "More"]
    np.testing.assert_array_equal(dev.labels, [1, 0])


def test_given_labels_keep_their_order():
    task = custom_task("mine", ("body",), "y", labels=("pos", "neg"))
    assert (task.labels, task.is_pair) == (("pos", "neg"), False)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (("10", "9", "-1", "9"), ("-1", "9", "10")),
        (("10", "9", "b"), ("10", "9", "b")),
        (("b", "a ", "a"), ("a", "b")),
        # Equal as numbers.
        (("1", "01", "0", "001"), ("0", "001", "01", "1")),
    ],
)
def test_collected_labels_are_sorted(tmp_path, found, expected):
    write(tmp_path, "train.csv", with_labels(*found))
    assert custom_task("mine", ["body"], "y", data_dir=tmp_path).labels == expected


def test_regression(tmp_path):
    write(tmp_path, "train.tsv", with_labels("0.5", "-3"))
    task = custom_task("mine", ["body"], "y", regression=True)
    assert (task.num_classes, task.metrics) == (1, ("pearson", "spearman"))
    np.testing.assert_array_equal(task.load(tmp_path, "train").labels, [0.5, -3])


@pytest.mark.parametrize(
    ("labels", "metrics", "expected"),
    [
        (("a", "b"), None, ("accuracy", "f1")),
        (("a", "b", "c"), None, ("accuracy",)),
        (("a", "b"), ("matthews_corrcoef",), ("matthews_corrcoef",)),
    ],
)
def test_metrics(labels, metrics, expected):
    task = custom_task("mine", ["body"], "y", labels=labels, metrics=metrics)
    assert task.metrics == expected


@pytest.mark.parametrize("split", ["test", "unlabelled", "train_aug"])
@pytest.mark.parametrize(
    "lines",
    [["body", "some text"], ["body\ty", "some text\t-1"], ["y\tbody", "\tsome text"]],
)
def test_files_whose_labels_nobody_reads_need_none(tmp_path, split, lines):
    (tmp_path / f"{split}.tsv").write_text("\n".join(lines), encoding="utf-8")
    examples = custom_task("mine", ["body"], "y", labels=("a", "b")).load(
        tmp_path, split
    )
    assert (examples.texts_a, examples.labels) == (["some text"], None)


def test_every_line_of_a_test_file_is_a_row(tmp_path):
    (tmp_path / "test.tsv").write_text("body\none\n\nthree\n", encoding="utf-8")
    task = custom_task("mine", ["body"], "y", labels=("a", "b"))
    assert task.load(tmp_path, "test").texts_a == ["one", "", "three"]


def test_nested_json_is_a_line_of_data(tmp_path):
    line = '{"seq1": "a", "seq2": "b", "label": {"cls": 1}}\n'
    (tmp_path / "train.jsonl").write_text(line, encoding="utf-8")
    task = custom_task("mine", ["seq1", "seq2"], "label.cls", labels=("0", "1"))
    np.testing.assert_array_equal(task.load(tmp_path, "train").labels, [1])


def test_dev_label_unknown_in_train(tmp_path):
    write(tmp_path, "train.csv")
    write(tmp_path, "dev.csv", with_labels("neg", "neutral"))
    task = custom_task("mine", ["body"], "y", data_dir=tmp_path)
    with pytest.raises(
        DistillError, match="dev.csv:3: unknown label 'neutral', expected one of 'neg'"
    ):
        task.load(tmp_path, "dev")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text_columns": ()}, "one or two text columns, got 0"),
        ({"text_columns": ("a", "b", "c")}, "one or two text columns, got 3"),
        ({"text_columns": ("a", "a")}, "different columns, got a, a, y"),
        ({"text_columns": ("y",)}, "different columns, got y, y"),
        ({"label_column": ""}, "give --label_column"),
        ({"labels": ("a",)}, "at least two different labels, .* got 'a'; mend"),
        ({"labels": ("a", "a")}, "different labels, .* got 'a', 'a'; mend"),
        ({"labels": ("a", "b", "")}, "none of them blank, got 'a', 'b', ''; mend"),
        ({"labels": ("a", "b"), "regression": True}, "leave out --labels"),
        ({"metrics": ("pearson",)}, "among accuracy, f1, .*, got pearson"),
        ({"metrics": ("f1",), "labels": None, "regression": True}, "among pearson"),
        ({"labels": None}, "needs --data_dir"),
    ],
)
def test_bad_description(arguments, message):
    fine = {"text_columns": ("body",), "label_column": "y", "labels": ("a", "b")}
    with pytest.raises(DistillError, match=message):
        custom_task("mine", **(fine | arguments))


def test_one_string_is_not_a_list_of_columns():
    with pytest.raises(TypeError, match="sequence of names"):
        custom_task("mine", "body", "y", labels=("a", "b"))


@pytest.mark.parametrize("count", [1, MOST_COLLECTED_LABELS + 1])
def test_label_column_that_holds_no_labels(tmp_path, count):
    write(tmp_path, "train.tsv", with_labels(*(f"{i}.5" for i in range(count))))
    with pytest.raises(DistillError, match=f"train.tsv: .* found {count}; mend"):
        custom_task("mine", ["body"], "y", data_dir=tmp_path)


@pytest.mark.parametrize(("extension", "line"), [("tsv", 3), ("csv", 3), ("jsonl", 2)])
@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_label_is_no_class(tmp_path, extension, line, blank):
    write(tmp_path, f"train.{extension}", with_labels("a", blank, "b"))
    message = rf"train.{extension}:{line}: expected a label.*unlabelled\.{extension}$"
    with pytest.raises(DistillError, match=message):
        custom_task("mine", ["body"], "y", data_dir=tmp_path)


def test_no_train_file_to_collect_labels_from(tmp_path):
    with pytest.raises(DistillError, match="expected train.tsv, train.csv or train.js"):
        custom_task("mine", ["body"], "y", data_dir=tmp_path)


def test_missing_column(tmp_path):
    write(tmp_path, "train.tsv")
    with pytest.raises(DistillError, match=r"train.tsv:1: .* 'label', found no column"):
        custom_task("mine", ["body"], "label", data_dir=tmp_path)
