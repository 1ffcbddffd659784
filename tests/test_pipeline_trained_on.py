"""What a run is trained on, told apart by its content."""

from pathlib import Path

import numpy as np
import pytest
from tiny_runs import TRAIN_ROWS
from tiny_runs import distill_config
from tiny_runs import fine_tune_config
from tiny_runs import write_pairs
from tiny_runs import write_sst2
from tiny_runs import write_teacher

from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.pipeline.trained_on import TrainedOn
from distill_tf.tasks import Examples
from distill_tf.tasks import concatenate

EXAMPLES = "texts or labels of the training examples have changed"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> TaskData:
    folder = write_sst2(tmp_path_factory.mktemp("sst2"))
    return TaskData.load(fine_tune_config(data_dir=folder))


def difference(data, was: Examples, now: Examples) -> str | None:
    return TrainedOn.of(data, now).difference(TrainedOn.of(data, was))


def labelled(labels, *texts, dtype=np.int32) -> Examples:
    return Examples(*texts, labels=np.array(labels, dtype))


def test_the_same_data_are_no_difference(data):
    assert difference(data, data.train(), data.train()) is None
    assert TrainedOn.of(data, data.train()).num_examples == TRAIN_ROWS


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (labelled([0, 1], ["a", "b"]), labelled([0, 0], ["a", "b"])),
        (labelled([0, 1], ["a", "b"]), labelled([1, 0], ["b", "a"])),
        (labelled([0, 1], ["ab", "c"]), labelled([0, 1], ["a", "bc"])),
        (labelled([0], ["ab"], ["c"]), labelled([0], ["a"], ["bc"])),
        (labelled([0], ["a"], ["b"]), labelled([0], ["b"], ["a"])),
        (labelled([0], ["a"]), labelled([-1], ["a"])),
        (
            labelled([0.5], ["é"], dtype=np.float32),
            labelled([np.nan], ["é"], dtype=np.float32),
        ),
        (Examples(["a\nb"]), Examples(["a b"])),
    ],
)
def test_other_texts_and_other_labels_are_noticed(data, was, now):
    assert difference(data, was, now) == EXAMPLES
    assert difference(data, was, was) is None


def test_a_text_that_is_no_utf_8_is_no_error(data):
    odd = Examples(["\udc80"])
    assert difference(data, odd, odd) is None


def test_the_number_of_examples_comes_before_their_texts(data):
    both = concatenate([data.train(), Examples(["a"])])
    assert difference(data, data.train(), both) == (
        f"it had {TRAIN_ROWS} training examples and there are now {TRAIN_ROWS + 1}"
    )


def test_another_dev_set_is_noticed(tmp_path):
    splits = ("train", "dev")
    settings = {"task_name": "rte", "data_dir": str(tmp_path)}
    records = []
    for labels in (("entailment",), ("not_entailment",)):
        write_pairs(tmp_path, splits, "label", labels)
        splits = ("dev",)
        data = TaskData.load(fine_tune_config(**settings))
        records.append(TrainedOn.of(data, data.train()))
    assert records[1].difference(records[0]).endswith("of the dev set have changed")


def logits_file(path: Path, first: float) -> str:
    rows = [[first, -1.0], *([[0.5, 1.0]] * (TRAIN_ROWS - 1))]
    np.savez(path, logits=np.array(rows))
    return str(path)


def test_another_teacher_is_noticed(tmp_path, data):
    def record(**settings) -> TrainedOn:
        config = distill_config(data_dir=data.options.data_dir, **settings)
        teacher = load_teacher(config, data)
        teacher.stored_outputs(data.train(), TRAIN_ROWS)
        return TrainedOn.of(data, data.train(), teacher)

    first, again, other = (
        write_teacher(tmp_path / name, seed=seed)
        for name, seed in (("first", 0), ("again", 0), ("other", 1))
    )
    one, two = (logits_file(tmp_path / f"{name}.npz", name) for name in (1.0, 2.0))
    same, changed = None, "the teacher has changed"
    for key, was, now, expected in (
        ("init_checkpoint_teacher", first, again, same),
        ("init_checkpoint_teacher", first, other, changed),
        ("init_checkpoint_teacher", f"{first},{other}", f"{again},{other}", same),
        ("init_checkpoint_teacher", f"{first},{other}", f"{other},{first}", changed),
        ("teacher_logits", one, one, same),
        ("teacher_logits", one, two, changed),
    ):
        assert record(**{key: now}).difference(record(**{key: was})) == expected, now


def test_it_is_read_back_as_it_was_written(tmp_path, data):
    record = TrainedOn.of(data, data.train())
    record.save(tmp_path / "trained_on.json")
    assert TrainedOn.load(tmp_path / "trained_on.json") == record
