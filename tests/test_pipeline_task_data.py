"""A configuration's task and its examples."""

import numpy as np
import pytest
from tiny_bert import TOKENS
from tiny_runs import DEV_ROWS
from tiny_runs import TEST_ROWS
from tiny_runs import TRAIN_ROWS
from tiny_runs import distill_config
from tiny_runs import text
from tiny_runs import write_pairs
from tiny_runs import write_rows
from tiny_runs import write_sst2

from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.task_data import build_task
from distill_tf.pipeline.task_data import encode
from distill_tf.pipeline.task_data import training_batches
from distill_tf.tasks import UNLABELLED
from distill_tf.tasks import Examples
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

CUSTOM = {"task_name": "custom", "text_columns": "said", "label_column": "mood"}


def encoder(max_seq_length=9) -> TextEncoder:
    return TextEncoder.from_settings(
        Vocabulary(TOKENS), TextSettings(True, max_seq_length)
    )


def data(folder, **settings) -> TaskData:
    return TaskData.load(distill_config(data_dir=str(folder), **settings))


def test_options_describe_the_custom_task():
    task = build_task(
        distill_config(
            task_name="custom",
            text_columns="said, meant",
            label_column="mood",
            labels="sad, glad,so-so",
            metrics="f1,accuracy",
        )
    )
    assert (task.labels, task.metrics) == (("sad", "glad", "so-so"), ("f1", "accuracy"))
    assert task.is_pair


@pytest.mark.parametrize(
    ("task_name", "expected"),
    [
        ("SST2", LabelSet(("0", "1"), is_pair=False)),
        ("rte", LabelSet(("entailment", "not_entailment"), is_pair=True)),
        ("sts-b", LabelSet((), is_pair=True)),
    ],
)
def test_labels(task_name, expected):
    assert TaskData.load(distill_config(task_name=task_name)).labels == expected


@pytest.mark.parametrize(("limit", "count"), [(0, TRAIN_ROWS), (3, 3), (99, 11)])
def test_limit_on_training_examples(tmp_path, limit, count):
    write_sst2(tmp_path)
    limited = data(tmp_path, max_train_examples=limit)
    assert limited.train().texts_a == [text(row) for row in range(count)]
    assert len(limited.dev_examples()) == DEV_ROWS


def test_unlabelled_rows_join_the_training_rows(tmp_path):
    for split in ("train", "unlabelled", "dev"):
        rows = (("a", "glad"), ("b", "sad"), ("c", "sad"))
        write_rows(tmp_path / f"{split}.tsv", ("said", "mood"), *rows)
    custom = data(tmp_path, **CUSTOM, max_train_examples=2)
    both = custom.with_unlabelled(custom.train(), custom.options)
    # The limit counts for each of them.
    assert both.texts_a == ["a", "b", "a", "b"]
    np.testing.assert_array_equal(both.labels, [0, 1, *[UNLABELLED] * 2])


def test_without_unlabelled_rows_nothing_joins(tmp_path):
    write_sst2(tmp_path)
    train = Examples(["a"], labels=np.int32([1]))
    assert data(tmp_path).with_unlabelled(train, distill_config()) is train


def test_dev_sets_are_encoded_in_order(tmp_path):
    splits = ("dev_mismatched", "dev_matched")
    write_pairs(tmp_path, splits, "gold_label", ("neutral", "entailment"))
    sets = data(tmp_path, task_name="mnli").dev_sets(encoder())
    assert [dev.name for dev in sets] == ["dev_matched", "dev_mismatched"]
    for dev in sets:
        assert len(dev.encoded) == DEV_ROWS
        np.testing.assert_array_equal(dev.labels, [2, 1, 2, 1, 2, 1, 2])


def test_test_sets_that_are_there(tmp_path):
    write_sst2(tmp_path / "sst-2")
    (examples,) = data(tmp_path / "sst-2").test_examples().values()
    assert len(examples) == TEST_ROWS
    folder = tmp_path / "mnli"
    write_pairs(folder, ("test_mismatched", "test_matched"), "gold_label", ("neutral",))
    found = data(folder, task_name="mnli").test_examples()
    assert list(found) == ["test_matched", "test_mismatched"]


@pytest.mark.parametrize("settings", [{}, {"task_name": "sample", "data_dir": ""}])
def test_no_test_set_at_all(tmp_path, settings):
    config = distill_config(**{"data_dir": str(tmp_path), **settings})
    with pytest.raises(DistillError, match="do_predict needs a test set"):
        TaskData.load(config).test_examples()


def test_cut_texts_are_counted(caplog):
    caplog.set_level("INFO", logger="absl")
    examples = Examples(["a b c d", "a", "a b c"])
    encoded = encode(encoder(max_seq_length=4), examples, "dev")
    assert encoded.lengths.tolist() == [4, 3, 4]
    assert "dev: 2 of 3 examples are cut at 4 tokens." in caplog.messages


@pytest.mark.parametrize(("tokens_per_batch", "count"), [(0, 3), (33, 2)])
def test_training_batches_hold_every_example_once(tokens_per_batch, count):
    examples = Examples(
        [text(row) for row in range(7)], labels=np.arange(7, dtype="i4")
    )
    batches = training_batches(
        examples, encoder(), batch_size=3, seed=5, tokens_per_batch=tokens_per_batch
    )
    labels = [y.numpy() for _, y in batches.epoch(0)]
    assert len(batches) == len(labels) == count
    assert sorted(np.concatenate(labels)) == list(range(7))
