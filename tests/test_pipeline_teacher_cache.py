"""Which stages of a run read from disk, and whole runs that do."""

import json
import shutil
from collections import namedtuple
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from tiny_bert import assert_same_weights
from tiny_cache import LENGTHS
from tiny_cache import CountingTeacher
from tiny_cache import some_batches
from tiny_runs import distill_config
from tiny_runs import write_pairs
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.methods import Sizes
from distill_tf.methods import build_stages
from distill_tf.models.classifier import BertClassifier
from distill_tf.objectives import LayerObjective
from distill_tf.pipeline import cached_teacher
from distill_tf.pipeline import evaluate
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.teacher_cache import cached_outputs
from distill_tf.pipeline.teacher_cache import teacher_cache_folder
from distill_tf.training.progress import Progress

BOTH = {"intermediate", "prediction"}
Usage = namedtuple("Usage", "total used free")


def ask(tmp_path, teacher=None, batches=None, run="run", finished=(), **settings):
    """The stages that read from disk in a run of tinybert, and their outputs."""
    config = distill_config(output_dir=str(tmp_path / run), **settings)
    folder = RunFolder(config)
    folder.create()
    for stage in finished:
        folder.stage(stage).mkdir(parents=True)
        done = folder.stage(stage, "done.json")
        done.write_text(json.dumps(asdict(Progress())), "utf-8")
    return cached_outputs(
        teacher_cache_folder(config),
        folder,
        build_stages(
            config, Sizes(student_layers=1, teacher_layers=3, regression=False)
        ),
        some_batches() if batches is None else batches,
        teacher or CountingTeacher(),
        "float32",
    )


def test_each_stage_gets_what_it_reads(tmp_path, caplog):
    caplog.set_level("INFO", logger="absl")
    batches = some_batches()
    outputs = ask(tmp_path, batches=batches)
    everyone = np.arange(len(LENGTHS))
    read = {
        name: each.batch(everyone, batches.teacher_inputs(everyone)).keys()
        for name, each in outputs.items()
    }
    assert read == {
        "intermediate": {"attention_scores", "hidden_states", "padding_mask"},
        "prediction": {"logits"},
    }
    (told,) = (line for line in caplog.messages if line.startswith("Teacher outputs"))
    assert "logits, attention_scores/2, hidden_states/0, hidden_states/3" in told
    assert (
        "of 11 examples (11 different), 7.2 kB in" in told and "11 computed now" in told
    )
    (description,) = (tmp_path / "teacher_cache").glob("*/teacher.json")
    assert json.loads(description.read_text("utf-8"))["precision"] == "float32"


def test_a_stage_that_reads_padding_asks_as_it_trains(tmp_path, caplog, monkeypatch):
    caplog.set_level("INFO", logger="absl")
    monkeypatch.setattr(LayerObjective, "reads_padding", True)
    cache = str(tmp_path / "cache")
    assert ask(tmp_path, teacher_cache=cache).keys() == {"prediction"}
    assert "Stage intermediate asks the teacher as it trains: it reads" in caplog.text


def test_off_keeps_nothing(tmp_path):
    assert ask(tmp_path, teacher_cache="off") == {}
    assert not (tmp_path / "teacher_cache").exists()


def test_auto_keeps_what_is_used_twice_or_is_there(tmp_path, caplog):
    caplog.set_level("INFO", logger="absl")
    once = {"intermediate_distill": False}
    assert ask(tmp_path, run="first", **once) == {}
    assert "would be used for 1 epochs only" in caplog.text
    assert not (tmp_path / "teacher_cache").exists()
    assert ask(tmp_path, run="twice", num_train_epochs=2.0, **once).keys() == {
        "prediction"
    }
    assert ask(tmp_path, run="third", **once).keys() == {"prediction"}
    # A folder of one's own is always filled.
    mine = str(tmp_path / "mine")
    assert ask(tmp_path, run="own", teacher_cache=mine, **once).keys() == {"prediction"}


def test_a_run_goes_on_as_it_began(tmp_path):
    once = {"intermediate_distill": False}
    assert ask(tmp_path, run="first", **once) == {}
    assert ask(tmp_path, run="second", num_train_epochs=2.0, **once)
    assert ask(tmp_path, run="first", **once) == {}
    assert ask(tmp_path, run="second", num_train_epochs=2.0, **once)
    off = {**once, "num_train_epochs": 2.0, "teacher_cache": "off"}
    assert ask(tmp_path, run="second", **off) == {}


@pytest.mark.parametrize("content", ["", "{}"])
def test_a_damaged_choice_is_one_sentence(tmp_path, content):
    assert ask(tmp_path).keys() == BOTH
    (tmp_path / "run/stages/teacher_cache.json").write_text(content, "utf-8")
    with pytest.raises(DistillError, match="teacher_cache.json .*; remove it to have"):
        ask(tmp_path)


def test_finished_stages_need_nothing(tmp_path):
    assert ask(tmp_path, finished=BOTH) == {}
    assert not (tmp_path / "teacher_cache").exists()
    outputs = ask(
        tmp_path, run="half", finished=("intermediate",), num_train_epochs=2.0
    )
    assert outputs.keys() == {"prediction"}


def test_what_is_too_large_is_asked_as_it_trains(tmp_path, caplog):
    caplog.set_level("INFO", logger="absl")
    settings = {"num_train_epochs": 3.0}
    assert ask(tmp_path, teacher_cache_max_gb=5e-6, **settings).keys() == {"prediction"}
    tokens, squares = LENGTHS.sum(), (LENGTHS**2).sum()
    size = 11 * 3 * 4 + 2 * (2 * 12 * tokens + 3 * squares)
    assert (
        "Stage intermediate asks the teacher as it trains: all stages' outputs "
        f"would take {size / 1e3:.1f} kB on disk, and teacher_cache_max_gb is 5e-06."
    ) in caplog.messages
    assert ask(tmp_path, run="none", teacher_cache_max_gb=0.0, **settings) == {}


def test_a_full_disk_is_noticed_before(tmp_path, caplog, monkeypatch):
    caplog.set_level("INFO", logger="absl")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(9, 9, 500))
    assert ask(tmp_path, num_train_epochs=2.0).keys() == {"prediction"}
    assert "more on disk, and 500.0 B are free in" in caplog.text


def test_a_limit_that_was_lowered_after_a_full_disk_counts(
    tmp_path, caplog, monkeypatch
):
    settings = {"num_train_epochs": 2.0}

    def refuse(*arguments):
        raise DistillError("the disk is full")

    with monkeypatch.context() as full, pytest.raises(DistillError, match="full"):
        full.setattr(cached_teacher, "build", refuse)
        ask(tmp_path, **settings)
    caplog.set_level("INFO", logger="absl")
    assert ask(tmp_path, teacher_cache_max_gb=5e-6, **settings).keys() == {"prediction"}
    assert "Stage intermediate asks the teacher as it trains" in caplog.text
    # For good: a stage that has trained so goes on so.
    assert ask(tmp_path, **settings).keys() == {"prediction"}


def test_a_full_disk_counts_again_when_a_run_goes_on(tmp_path, monkeypatch):
    settings = {"num_train_epochs": 2.0}
    assert ask(tmp_path, **settings).keys() == BOTH
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(9, 9, 500))
    # What is all there takes nothing more, and is read whatever the limit.
    assert ask(tmp_path, teacher_cache_max_gb=5e-6, **settings).keys() == BOTH
    for path in (tmp_path / "teacher_cache").rglob("*.arrow"):
        path.unlink()
    assert ask(tmp_path, **settings).keys() == {"prediction"}


def test_an_unknown_kind_of_teacher_is_asked(tmp_path):
    teacher = CountingTeacher()
    del teacher.parts
    assert ask(tmp_path, teacher) == {}


def test_a_folder_that_cannot_be_written_is_told_at_once(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    config = distill_config(
        output_dir=str(tmp_path / "run"), teacher_cache=str(tmp_path / "file")
    )
    with pytest.raises(DistillError, match="teacher_cache should be a folder, but"):
        teacher_cache_folder(config)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Settings of a task and its teacher."""
    folder = tmp_path_factory.mktemp("files")
    return {
        "data_dir": write_sst2(folder / "sst2"),
        "init_checkpoint_teacher": write_teacher(folder / "google"),
        "do_eval": False,
    }


def student_weights(config):
    distill_tf.distill(config)
    return named_weights(distill_tf.load(config.output_dir).model)


@pytest.fixture
def asked(monkeypatch):
    """Sizes of the batches that the teacher, as wide as no student, is asked about."""
    sizes, compute = [], BertClassifier.compute_outputs

    def count(self, inputs, training=None):
        if self.config.hidden_size == 12:
            sizes.append(inputs["token_ids"].shape[0])
        return compute(self, inputs, training=training)

    monkeypatch.setattr(BertClassifier, "compute_outputs", count)
    return sizes


def test_a_sweep_asks_its_teacher_once(tmp_path, files, asked):
    config = distill_config(**files, num_train_epochs=2.0)
    student_weights(config.replace(output_dir=str(tmp_path / "first")))
    assert None in asked  # Traced: all examples.
    asked.clear()
    student_weights(
        config.replace(
            output_dir=str(tmp_path / "second"), seed=7, student_hidden_size=9
        )
    )
    # A look at one or two examples, to find what does not fit.
    assert set(asked) <= {1, 2}
    ratings = [
        (tmp_path / run / "stages" / "teachers.json").read_text("utf-8")
        for run in ("first", "second")
    ]
    assert ratings[0] == ratings[1] and "accuracy" in ratings[0]
    (kept,) = (tmp_path / "teacher_cache" / "ratings").iterdir()
    kept.write_text("{", "utf-8")
    with pytest.raises(DistillError, match="ratings.* remove it to have the teacher"):
        student_weights(config.replace(output_dir=str(tmp_path / "third")))


@pytest.mark.slow
def test_a_compiled_step_reads_what_was_kept_for_another(tmp_path, files, asked):
    config = distill_config(**files, num_train_epochs=2.0, precision="mixed_bfloat16")
    student_weights(config.replace(output_dir=str(tmp_path / "first")))
    assert None in asked
    asked.clear()
    student_weights(
        config.replace(output_dir=str(tmp_path / "second"), jit_compile="true")
    )
    assert set(asked) <= {1, 2}


@pytest.mark.parametrize(
    ("settings", "tolerance"),
    [
        pytest.param(
            {"method": "kd", "num_train_epochs": 2.0}, 2e-6, marks=pytest.mark.slow
        ),
        ({}, 1e-4),
    ],
    ids=["logits", "layers"],
)
def test_the_student_is_that_of_a_live_teacher(tmp_path, files, settings, tolerance):
    config = distill_config(**files, **settings)
    live, cached = (
        student_weights(
            config.replace(output_dir=str(tmp_path / name), teacher_cache=cache)
        )
        for name, cache in (("live", "off"), ("cached", str(tmp_path / "cache")))
    )
    for name, weight in live.items():
        np.testing.assert_allclose(
            cached[name], weight, rtol=0, atol=tolerance, err_msg=name
        )


@pytest.mark.slow
def test_a_broken_off_run_goes_on_to_the_same_student(tmp_path, files, monkeypatch):
    config = distill_config(
        **files, num_train_epochs=2.0, teacher_cache=str(tmp_path / "cache")
    )
    whole = student_weights(config.replace(output_dir=str(tmp_path / "whole")))
    dev_metrics, calls = evaluate.dev_metrics, []

    def break_off(*arguments):
        calls.append(arguments)
        if len(calls) == 2:  # The first one rates the teacher.
            raise KeyboardInterrupt
        return dev_metrics(*arguments)

    monkeypatch.setattr(evaluate, "dev_metrics", break_off)
    config = config.replace(output_dir=str(tmp_path / "run"))
    with pytest.raises(KeyboardInterrupt):
        distill_tf.distill(config)
    assert_same_weights(student_weights(config), whole)


@pytest.mark.slow
def test_a_regression_on_pairs_with_a_student_that_reads_otherwise(tmp_path):
    scores = ("0.5", "3.25", "5.0")
    config = distill_config(
        task_name="sts-b",
        data_dir=write_pairs(tmp_path / "sts", ("train", "dev"), "score", scores),
        init_checkpoint_teacher=write_teacher(tmp_path / "google", 1),
        output_dir=str(tmp_path / "run"),
        teacher_cache=str(tmp_path / "cache"),
        model_type="bilstm",
        method="tang",
        emb_dim=5,
        lstm_hidden_size=4,
        fc_size=7,
        student_max_seq_length=6,
        student_tokenizer="wordpiece",
    )
    results = distill_tf.distill(config)
    assert np.isfinite(results["stages"]["prediction"]["best"])
    assert len(list(Path(config.teacher_cache).rglob("*.arrow"))) == 1
