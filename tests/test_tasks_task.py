"""Task: loading splits, finding dev sets, and what can be wrong with a folder."""

import numpy as np
import pytest

from distill_tf.errors import DistillError
from distill_tf.tasks.delimited import DelimitedFile
from distill_tf.tasks.examples import Examples
from distill_tf.tasks.task import Task


class Provider:
    splits = ("train", "dev")

    def load(self, task, split, max_examples):
        return Examples([f"{task.name} {split} {max_examples}"])


def make_task(**changes):
    described = {
        "name": "fruit",
        "labels": ("pear", "plum", "fig"),
        "is_pair": False,
        "metrics": ("accuracy",),
        "files": {
            "train": (
                DelimitedFile(("train.tsv",), ("text",), "label"),
                DelimitedFile(("train.txt",), (1,), 0, header=False, columns=2),
            ),
            "dev_near": (DelimitedFile(("near.tsv", "dev.tsv"), ("text",), "label"),),
            "dev_far": (DelimitedFile(("far.tsv",), ("text",), "label"),),
        },
        "dev_splits": ("dev_near", "dev_far"),
    }
    return Task(**(described | changes))


def write(folder, name, content):
    (folder / name).write_text(content, encoding="utf-8")


def test_classification(tmp_path):
    write(tmp_path, "train.tsv", "text\tlabel\na\tfig\nb\tpear\nc\tplum\n")
    task = make_task()
    examples = task.load(tmp_path, "train")
    assert examples.texts_a == ["a", "b", "c"]
    assert examples.texts_b is None
    np.testing.assert_array_equal(examples.labels, [2, 0, 1])
    assert examples.labels.dtype == np.int32
    assert (task.num_classes, task.is_regression) == (3, False)


def test_regression(tmp_path):
    write(tmp_path, "train.tsv", "text\tlabel\na\t0.25\nb\t5\n")
    task = make_task(labels=(), metrics=("pearson", "spearman"))
    labels = task.load(str(tmp_path), "train").labels
    np.testing.assert_array_equal(labels, [0.25, 5])
    assert labels.dtype == np.float32
    assert (task.num_classes, task.is_regression) == (1, True)


def test_the_next_source_is_tried(tmp_path):
    write(tmp_path, "train.txt", "fig\ta\n")
    assert make_task().load(tmp_path, "train").texts_a == ["a"]


def test_first_rows_only(tmp_path):
    write(tmp_path, "train.tsv", "text\tlabel\na\tfig\nb\tpear\nc\tunread\n")
    assert make_task().load(tmp_path, "train", max_examples=2).texts_a == ["a", "b"]


def test_replacements(tmp_path):
    write(tmp_path, "train.tsv", "text\tlabel\na<br />b<br />\tfig\n")
    task = make_task(replacements=(("<br />", " "),))
    assert task.load(tmp_path, "train").texts_a == ["a b "]


def test_dev_sets_that_are_there(tmp_path):
    task = make_task()
    write(tmp_path, "dev.tsv", "text\tlabel\na\tfig\n")
    assert task.available_dev_splits(tmp_path) == ("dev_near",)
    write(tmp_path, "far.tsv", "text\tlabel\na\tfig\n")
    assert task.available_dev_splits(tmp_path) == ("dev_near", "dev_far")
    assert not task.has_split(tmp_path, "train")
    assert not task.has_split(tmp_path, "test")


def test_no_dev_set(tmp_path):
    with pytest.raises(DistillError, match="found none of near.tsv, dev.tsv, far.tsv"):
        make_task().available_dev_splits(tmp_path)


def test_provider_stands_in_for_a_folder():
    task = make_task(provider=Provider(), dev_splits=("dev", "dev_far"))
    assert task.load(None, "dev", 5).texts_a == ["fruit dev 5"]
    assert task.available_dev_splits(None) == ("dev",)
    with pytest.raises(DistillError, match="no split 'test' without --data_dir"):
        task.load(None, "test")


@pytest.mark.parametrize("call", ["load", "has_split"])
def test_neither_folder_nor_provider(call):
    message = "needs --data_dir, a folder with train.tsv or train.txt, near.tsv or dev"
    with pytest.raises(DistillError, match=message):
        getattr(make_task(), call)(None, "train")


@pytest.mark.parametrize("call", ["load", "has_split"])
def test_folder_for_a_generated_task(tmp_path, call):
    with pytest.raises(DistillError, match="reads no files; leave out --data_dir"):
        getattr(make_task(files={}, provider=Provider()), call)(tmp_path, "train")


def test_missing_folder(tmp_path):
    with pytest.raises(DistillError, match="absent: no such data folder.*train.tsv"):
        make_task().load(tmp_path / "absent", "train")


def test_missing_file(tmp_path):
    with pytest.raises(
        DistillError, match="looked for train.tsv or train.txt as its train split"
    ):
        make_task().load(tmp_path, "train")


def test_unknown_split(tmp_path):
    with pytest.raises(
        DistillError, match="no split 'dev', only train, dev_near, dev_far"
    ):
        make_task().load(tmp_path, "dev")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("train.tsv", "text\tlabel\n", "train.tsv: expected examples, found none"),
        ("train.txt", "", "train.txt: expected examples, found none"),
        ("train.tsv", "text\tlabel\na\tkiwi\n", "train.tsv:2: unknown label 'kiwi'"),
    ],
)
def test_bad_files(tmp_path, name, content, message):
    write(tmp_path, name, content)
    with pytest.raises(DistillError, match=message):
        make_task().load(tmp_path, "train")


@pytest.mark.parametrize(
    ("labels", "metrics"),
    [(("a", "b"), ("pearson",)), ((), ("accuracy",)), ((), ()), (("a", "b"), ("f2",))],
)
def test_metrics_must_fit_the_kind_of_task(labels, metrics):
    with pytest.raises(ValueError, match="task fruit: metrics must come from"):
        make_task(labels=labels, metrics=metrics)
