"""A model's quality and cost, and how often it is run for them."""

import time

import pytest
from tiny_runs import DEV_ROWS
from tiny_runs import distill_config
from tiny_runs import fine_tune_config
from tiny_runs import write_pairs
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.evaluation.inference import Inference
from distill_tf.pipeline import evaluate
from distill_tf.pipeline.evaluate import evaluate_model
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_teacher

SLOW_SECONDS = 0.5


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A task in data/ and its teacher."""
    folder = tmp_path_factory.mktemp("place")
    write_sst2(folder / "data")
    return folder, write_teacher(folder / "teacher")


@pytest.fixture
def passes(monkeypatch):
    """What runs over whole sets, by the width of its hidden states; 12 teaches."""
    widths, logits = [], Inference.logits

    def count(self, encoded, batch_size):
        widths.append(self.model.config.hidden_size)
        return logits(self, encoded, batch_size)

    monkeypatch.setattr(Inference, "logits", count)
    return widths


def config(place, **settings):
    folder, teacher = place
    return distill_config(
        data_dir=str(folder / "data"), init_checkpoint_teacher=teacher, **settings
    )


def rated(place, **settings):
    settings = config(place, **settings)
    data = TaskData.load(settings)
    return load_teacher(settings, data).rate(data, 4)["teacher"]


def test_a_slow_model_runs_once_over_each_dev_set(place, passes, monkeypatch):
    monkeypatch.setattr(evaluate, "_QUICK_SECONDS", 0.0)
    rated(place)
    assert passes == [12]


def test_a_quick_model_is_timed_in_a_pass_of_its_own(place, passes):
    rated(place)
    assert passes == [12, 12]


def test_two_dev_sets(tmp_path, passes, monkeypatch):
    monkeypatch.setattr(evaluate, "_QUICK_SECONDS", 0.0)
    names = ("contradiction", "entailment", "neutral")
    splits = ("dev_matched", "dev_mismatched")
    folder = write_pairs(tmp_path / "mnli", splits, "gold_label", names)
    settings = config(
        (tmp_path / "mnli", write_teacher(tmp_path / "teacher", 3)), task_name="mnli"
    ).replace(data_dir=folder)
    data = TaskData.load(settings)
    (row,) = load_teacher(settings, data).rate(data, 4).values()
    assert passes == [12, 12]
    assert row["dev_mismatched"]["accuracy"] == row["accuracy"]


def test_examples_per_second_are_those_of_a_pass_after_the_tracing(place, monkeypatch):
    traced, logits, call = [], Inference.logits, Inference.__call__

    def slow_to_trace(self, inputs):
        if not traced:
            time.sleep(2 * SLOW_SECONDS)
        traced.append(inputs)
        return call(self, inputs)

    def slow(self, encoded, batch_size):
        time.sleep(SLOW_SECONDS)
        return logits(self, encoded, batch_size)

    monkeypatch.setattr(Inference, "__call__", slow_to_trace)
    monkeypatch.setattr(Inference, "logits", slow)
    speed = rated(place)["examples_per_second"]
    # With the tracing it were a third.
    assert 0.5 * DEV_ROWS / SLOW_SECONDS < speed <= DEV_ROWS / SLOW_SECONDS


def test_several_teachers_are_timed_again_without_any_data(place, passes):
    _, teacher = place
    settings = config(place).replace(init_checkpoint_teacher=f"{teacher},{teacher}")
    several = load_teacher(settings, TaskData.load(settings))
    before = {"accuracy": 0.5, "latency_ms_p50": -1.0, "examples_per_second": 7.0}
    headings = ("teacher_1", "teacher_2", "teacher")
    after = several.time_again(dict.fromkeys(headings, before))
    assert not passes
    for heading in headings:
        row = after[heading]
        assert row["latency_ms_p90"] >= row["latency_ms_p50"] > 0
        assert (row["accuracy"], row["examples_per_second"]) == (0.5, 7.0)


def test_a_run_asks_its_teacher_about_the_dev_set_once(
    place, tmp_path, passes, monkeypatch
):
    monkeypatch.setattr(evaluate, "_QUICK_SECONDS", 0.0)
    settings = config(place, output_dir=str(tmp_path / "run"), method="kd")
    results = distill_tf.distill(settings)
    assert passes.count(12) == 1
    stored = (tmp_path / "run" / "stages" / "teachers.json").read_text("utf-8")
    for name in ("accuracy", "examples_per_second"):
        assert f'"{name}": {results["teacher"][name]}' in stored
    # Another call may be about other data.
    distill_tf.distill(settings.replace(do_train=False))
    assert passes.count(12) == 2


def test_a_fine_tuned_model_is_evaluated_likewise(place, tmp_path, passes, monkeypatch):
    monkeypatch.setattr(evaluate, "_QUICK_SECONDS", 0.0)
    folder, teacher = place
    settings = fine_tune_config(
        data_dir=str(folder / "data"),
        init_checkpoint=teacher,
        output_dir=str(tmp_path / "run"),
        num_train_epochs=0.0,
    )
    distill_tf.fine_tune(settings)
    passes.clear()
    again = distill_tf.fine_tune(settings)
    assert passes == [12]
    predictor = distill_tf.load(tmp_path / "run")
    row = evaluate_model(predictor, TaskData.load(settings), 64)
    assert row.keys() <= again.keys() and row["accuracy"] == again["accuracy"]
