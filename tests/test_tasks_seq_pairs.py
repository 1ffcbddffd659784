"""VIRT's JSON lines: names, class numbers, and equality with the official files."""

import json

import numpy as np
import pytest
from real_data import real_data

from distill_tf.errors import DistillError
from distill_tf.tasks import get_task

BOOLQ_LINE = '{"question": "is it", "passage": "It is.", "label": true}\n'


def lines(*numbers):
    return "".join(
        json.dumps({"seq1": f"a {n}", "seq2": f"b {n}", "label": {"cls": n}}) + "\n"
        for n in numbers
    )


@pytest.mark.parametrize(
    ("task", "split", "name", "labels"),
    [
        ("mnli", "train", "train.jsonl", "contradiction entailment neutral"),
        ("mnli", "train", "mnli-train.jsonl", "contradiction entailment neutral"),
        ("mnli", "dev_matched", "mnli-dev.jsonl", "contradiction entailment neutral"),
        ("qqp", "dev", "val.jsonl", "0 1"),
        ("rte", "dev", "rte-val.jsonl", "entailment not_entailment"),
        ("boolq", "train", "boolq-train.jsonl", "false true"),
        ("boolq", "dev", "val.jsonl", "false true"),
    ],
)
def test_class_numbers_stand_for_the_labels(tmp_path, task, split, name, labels):
    labels = labels.split()
    numbers = range(len(labels))
    (tmp_path / name).write_text(lines(*numbers), encoding="utf-8")
    task = get_task(task)
    examples = task.load(tmp_path, split)
    assert [task.labels[label] for label in examples.labels] == labels
    assert examples.texts_a == [f"a {n}" for n in numbers]
    assert examples.texts_b == [f"b {n}" for n in numbers]


def test_a_plain_name_comes_before_a_prefixed_one(tmp_path):
    (tmp_path / "train.jsonl").write_text(lines(0), encoding="utf-8")
    (tmp_path / "qqp-train.jsonl").write_text(lines(1), encoding="utf-8")
    assert get_task("qqp").load(tmp_path, "train").labels.tolist() == [0]


def test_the_official_file_comes_first(tmp_path):
    (tmp_path / "train.tsv").write_text(
        "sentence1\tsentence2\tlabel\nx\ty\tnot_entailment\n", encoding="utf-8"
    )
    (tmp_path / "train.jsonl").write_text(lines(0), encoding="utf-8")
    assert get_task("rte").load(tmp_path, "train").texts_a == ["x"]


def test_a_test_file_may_lack_labels(tmp_path):
    (tmp_path / "test.jsonl").write_text('{"seq1": "a", "seq2": "b"}', encoding="utf-8")
    assert get_task("boolq").load(tmp_path, "test").labels is None


def test_a_number_beyond_the_classes_is_refused(tmp_path):
    (tmp_path / "train.jsonl").write_text(lines(0, 3), encoding="utf-8")
    with pytest.raises(
        DistillError, match=r"train.jsonl:2: .*0 \(contradiction\).*got 3; mend"
    ):
        get_task("mnli").load(tmp_path, "train")


def test_of_boolq_the_keys_tell_the_formats_apart(tmp_path):
    path = tmp_path / "train.jsonl"
    path.write_text(lines(1), encoding="utf-8")
    assert get_task("boolq").load(tmp_path, "train").texts_a == ["a 1"]
    path.write_text(BOOLQ_LINE, encoding="utf-8")
    assert get_task("boolq").load(tmp_path, "train").texts_a == ["is it"]


def test_of_boolq_a_broken_file_is_still_an_error_with_its_line(tmp_path):
    (tmp_path / "train.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(DistillError, match=r"train.jsonl:1: .*invalid JSON"):
        get_task("boolq").load(tmp_path, "train")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("mnli", ("glue_10k", "MNLI")),
        ("qqp", ("glue_10k", "QQP")),
        ("rte", ("glue", "RTE")),
        ("boolq", ("boolq",)),
    ],
)
def test_real_files_say_the_same_as_the_official_ones(name, official):
    task = get_task(name)
    for split in ("train", task.dev_splits[0]):
        expected = task.load(real_data(*official), split)
        found = task.load(real_data("virt_jsonl", name), split)
        assert found.texts_a == expected.texts_a
        assert found.texts_b == expected.texts_b
        np.testing.assert_array_equal(found.labels, expected.labels)
