"""The split of rewritten training texts, and what training makes of it."""

import numpy as np
import pytest

from distill_tf.config.task import TaskOptions
from distill_tf.errors import DistillError
from distill_tf.tasks import UNLABELLED
from distill_tf.tasks import Examples
from distill_tf.tasks import build_task
from distill_tf.tasks import get_task
from distill_tf.tasks import with_augmented

LABELS = np.array([0, 1], np.int32)


def test_augmented_texts_come_without_labels():
    train = Examples(["a film", "b"], labels=LABELS)
    # TinyBERT's files repeat the originals, and give all rows their labels.
    augmented = Examples(["a film", "a  film", "c", "b"], labels=np.int32([0, 0, 0, 1]))
    together = with_augmented(train, augmented)
    assert together.texts_a == ["a film", "b", "c"]
    assert together.labels.tolist() == [0, 1, UNLABELLED]


def test_augmented_pairs_are_compared_as_pairs():
    train = Examples(["a", "b"], ["x", "y"], np.float32([0.5, 2]))
    augmented = Examples(["a", "a"], ["x", "y"])
    together = with_augmented(train, augmented)
    assert (together.texts_a, together.texts_b) == (["a", "b", "a"], ["x", "y", "y"])
    np.testing.assert_array_equal(together.labels, np.float32([0.5, 2, np.nan]))


def write(folder, name, *lines):
    (folder / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def test_a_blank_label_means_unlabelled_in_train_aug_alone(tmp_path):
    lines = ("sentence\tlabel", "a\t1", "b\t")
    write(tmp_path, "train_aug.tsv", *lines)
    write(tmp_path, "train.tsv", *lines)
    task = get_task("sst-2")
    assert task.load(tmp_path, "train_aug").labels.tolist() == [1, UNLABELLED]
    with pytest.raises(DistillError, match=r"train.tsv:3: unknown label ''"):
        task.load(tmp_path, "train")


def test_a_wrong_label_stays_an_error(tmp_path):
    write(tmp_path, "train_aug.tsv", "sentence\tlabel", "a\t7")
    with pytest.raises(DistillError, match=r"train_aug.tsv:2: unknown label '7'"):
        get_task("sst-2").load(tmp_path, "train_aug")


def test_a_blank_score_is_not_a_number(tmp_path):
    write(tmp_path, "train_aug.tsv", "sentence1\tsentence2\tscore", "a\tb\t", "c\td\t2")
    labels = get_task("sts-b").load(tmp_path, "train_aug").labels
    np.testing.assert_array_equal(labels, np.float32([np.nan, 2]))


def test_a_task_from_options(tmp_path):
    assert build_task(TaskOptions(task_name="SST2")) == get_task("sst-2")
    write(tmp_path, "train.csv", "a,b,y", "x,y,1", "x,z,0")
    custom = TaskOptions(
        task_name="custom",
        data_dir=str(tmp_path),
        text_columns="a, b",
        label_column="y",
        metrics="f1,accuracy",
    )
    task = build_task(custom)
    assert task.is_pair
    assert task.labels == ("0", "1")
    assert task.metrics == ("f1", "accuracy")
