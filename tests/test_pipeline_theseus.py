"""Theseus, from a configuration to the finished folder."""

import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
from tiny_bert import assert_same_weights
from tiny_runs import OF_THE_TEACHER
from tiny_runs import distill_config
from tiny_runs import write_pairs
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.models.classifier import BertClassifier
from distill_tf.pipeline import evaluate
from distill_tf.pipeline import task_data
from distill_tf.tasks.sample import SampleSizes
from distill_tf.tasks.sample import sample_task

THESEUS = {
    **OF_THE_TEACHER,
    "model_type": "theseus",
    "method": "theseus",
    "scheduler_linear_k": 0.05,
    "intermediate_epochs": 2.0,
    "save_checkpoints_steps": 2,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run: its configuration and what it returned."""
    folder = tmp_path_factory.mktemp("theseus")
    config = distill_config(
        **THESEUS,
        data_dir=write_sst2(folder / "sst2"),
        init_checkpoint_teacher=write_teacher(folder / "teacher"),
        output_dir=str(folder / "run"),
        student_alone=True,
    )
    return config, distill_tf.distill(config)


def test_results_tell_the_sizes_that_were_the_teachers(whole):
    _, results = whole
    expected = {
        "student_num_hidden_layers": 1,
        "student_hidden_size": 12,
        "student_num_attention_heads": 3,
        "student_intermediate_size": 20,
        "layer_list": "0",
    }
    assert expected.items() <= results["config"].items()


def weights_of(folder):
    return named_weights(distill_tf.load(folder).model)


def arrays_in(path) -> list[tuple[str, tuple[int, ...]]]:
    """Names and shapes in a saved model."""
    found = []
    with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as file:
        with h5py.File(file, "r") as weights:
            weights.visititems(
                lambda name, item: (
                    found.append((name, item.shape))
                    if isinstance(item, h5py.Dataset)
                    else None
                )
            )
    return found


def test_both_stages_and_the_student_alone(whole):
    _, results = whole
    steps = {path: stage["step"] for path, stage in results["stages"].items()}
    assert steps == {"replacing": 6, "successor": 3, "student_alone/labels": 9}
    # The successor alone is evaluated, in both.
    assert all(stage["evaluations"] for stage in results["stages"].values())
    assert results["accuracy"] == results["stages"]["successor"]["best"]
    assert results["parameters"] < results["teacher"]["parameters"]


def test_layers_learn_and_the_rest_stays_the_teachers(whole):
    config, _ = whole
    start = load_checkpoint(config.init_checkpoint_teacher).weights
    for name, weight in weights_of(config.output_dir).items():
        same = np.array_equal(weight, start[name])
        # What is added to all keys alike has no gradient.
        if "layer_0" not in name:
            assert same, name
        elif name.endswith("kernel"):
            assert not same, name


def test_nothing_of_the_predecessor_is_left(whole):
    config, _ = whole
    model = distill_tf.load(config.output_dir).model
    assert type(model) is BertClassifier
    assert model.config.num_hidden_layers == 1
    arrays = arrays_in(Path(config.output_dir) / "model.keras")
    numbers = sum(int(np.prod(shape)) for name, shape in arrays if "seed" not in name)
    assert numbers == model.num_parameters
    with zipfile.ZipFile(Path(config.output_dir) / "model.keras") as archive:
        assert "heseus" not in archive.read("config.json").decode()


@pytest.mark.slow
def test_a_run_that_broke_off_ends_as_if_it_had_not(tmp_path, whole, monkeypatch):
    """Bit by bit: killed amid replacing, and between the stages."""
    config, _ = whole
    config = config.replace(
        output_dir=str(tmp_path / "run"), student_alone=False, do_eval=False
    )
    dev_metrics, calls = evaluate.dev_metrics, []

    def break_off(*args):
        calls.append(args)
        if len(calls) in (3, 5):  # The first one rates the teacher.
            raise KeyboardInterrupt
        return dev_metrics(*args)

    monkeypatch.setattr(evaluate, "dev_metrics", break_off)
    for stage, states in (("replacing", ["state-4-1"]), ("successor", ["state-2-0"])):
        with pytest.raises(KeyboardInterrupt):
            distill_tf.distill(config)
        found = (tmp_path / "run" / "stages" / stage).glob("state-*")
        assert [path.name for path in found] == states
    distill_tf.distill(config.replace(serve_for_online=True))
    assert_same_weights(weights_of(tmp_path / "run"), weights_of(whole[0].output_dir))
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {
        "model.keras",
        "vocab.txt",
        "text_settings.json",
        "labels.json",
        "run_config.json",
    }


@pytest.mark.slow
def test_regression(tmp_path):
    scores = ("0.5", "3.25", "5.0")
    results = distill_tf.distill(
        distill_config(
            **{**THESEUS, "train_head": True, "train_embeddings": True},
            task_name="sts-b",
            data_dir=write_pairs(tmp_path / "sts", ("train", "dev"), "score", scores),
            init_checkpoint_teacher=write_teacher(tmp_path / "google", 1),
            output_dir=str(tmp_path / "run"),
        )
    )
    assert {"pearson", "spearman"} <= results.keys()


@pytest.mark.slow
def test_on_the_sample_task(tmp_path, monkeypatch):
    task = sample_task(SampleSizes(train=6, unlabelled=8, teacher_train=40, dev=12))
    monkeypatch.setattr(task_data, "build_task", lambda options: task)
    config = distill_config(
        **{**THESEUS, "compress_ratio": 2},
        task_name="sample",
        output_dir=str(tmp_path / "run"),
        student_alone=False,
        do_eval=False,
    )
    distill_tf.distill(config.replace(max_seq_length=24))
    assert distill_tf.load(tmp_path / "run").model.config.num_hidden_layers == 2
    done = tmp_path / "run" / "stages" / "replacing" / "done.json"
    # No teacher's predictions, so the labelled rows alone: two batches, twice.
    assert json.loads(done.read_text("utf-8"))["step"] == 4


def test_a_batch_whose_layers_are_drawn_once_is_not_taken_apart(tmp_path):
    config = distill_config(
        **THESEUS,
        data_dir=write_sst2(tmp_path / "sst2"),
        init_checkpoint_teacher=write_teacher(tmp_path / "teacher"),
        output_dir=str(tmp_path / "run"),
        batch_parts=2,
    )
    with pytest.raises(DistillError, match="batch_parts is 2, but this student draws"):
        distill_tf.distill(config)
    assert not (tmp_path / "run").exists()
