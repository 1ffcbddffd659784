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


@pytest.mark.parametrize(
    "lines",
    [
        ("sentence\tlabel", "a\t1", "b\t"),
        ("sentence\tlabel", "a\tpositive", "b\t-1"),
        ("sentence", "a", "b"),
    ],
)
def test_labels_of_a_train_aug_file_are_left_alone(tmp_path, lines):
    write(tmp_path, "train_aug.tsv", *lines)
    examples = get_task("sst-2").load(tmp_path, "train_aug")
    assert (examples.texts_a, examples.labels) == (["a", "b"], None)


def test_a_blank_label_of_a_train_file_is_an_error(tmp_path):
    write(tmp_path, "train.tsv", "sentence\tlabel", "a\t1", "b\t")
    with pytest.raises(DistillError, match=r"train.tsv:3: unknown label ''"):
        get_task("sst-2").load(tmp_path, "train")


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
