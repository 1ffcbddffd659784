"""Distilling, from a configuration to the finished folder."""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pytest
from tiny_bert import assert_same_weights
from tiny_runs import AS_THE_TEACHER
from tiny_runs import TEST_ROWS
from tiny_runs import distill_config
from tiny_runs import fine_tune_config
from tiny_runs import text
from tiny_runs import write_pairs
from tiny_runs import write_rows
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.pipeline import evaluate
from distill_tf.pipeline import task_data
from distill_tf.tasks.sample import SampleSizes
from distill_tf.tasks.sample import sample_pair_task
from distill_tf.tasks.sample import sample_task

COST = (
    "parameters",
    "size_bytes",
    "flops_per_example",
    "latency_ms_p50",
    "examples_per_second",
)
UNTRAINED = {"num_train_epochs": 0.0, "intermediate_epochs": 0.0, "do_eval": False}


@pytest.fixture(scope="module")
def sst2(tmp_path_factory) -> str:
    return write_sst2(tmp_path_factory.mktemp("sst2"))


@pytest.fixture(scope="module")
def teacher(tmp_path_factory, sst2) -> str:
    """The run folder of a teacher."""
    folder = tmp_path_factory.mktemp("teacher")
    config = fine_tune_config(
        data_dir=sst2,
        init_checkpoint=write_teacher(folder / "google"),
        output_dir=str(folder / "run"),
        num_train_epochs=0.0,
        do_eval=False,
    )
    distill_tf.fine_tune(config)
    return config.output_dir


@pytest.fixture(scope="module")
def whole(tmp_path_factory, sst2, teacher):
    """A finished run of everything: its configuration, and what it returned."""
    folder = tmp_path_factory.mktemp("whole")
    before = digest(teacher)
    config = distill_config(
        data_dir=sst2,
        init_checkpoint_teacher=teacher,
        output_dir=str(folder / "run"),
        result_dir=str(folder / "results"),
        student_alone=True,
        do_predict=True,
        num_train_epochs=2.0,
    )
    results = distill_tf.distill(config)
    assert digest(teacher) == before
    return config, results


def digest(folder) -> dict[str, str]:
    """A hash of every file below a folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def student_weights(folder) -> dict[str, np.ndarray]:
    return named_weights(distill_tf.load(folder).model)


def numbers(value):
    """All leaves that are numbers."""
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in numbers(each)]
    return [value] if isinstance(value, int | float) else []


def test_results_of_a_whole_run(whole):
    config, results = whole
    for row in (results, results["teacher"], results["student_alone"]):
        assert 0 <= row["accuracy"] <= 1
        assert all(math.isfinite(row[name]) and row[name] > 0 for name in COST)
    assert results["parameters"] == results["student_alone"]["parameters"]
    assert results["parameters"] < results["teacher"]["parameters"]
    assert results["seed"] == config.seed
    assert results["config"] == config.to_dict()
    assert "keras" in results["versions"]
    for folder in (config.output_dir, config.result_dir):
        written = (Path(folder) / "results_eval.json").read_text("utf-8")
        assert json.loads(written) == results


def test_the_student_alone_takes_as_many_steps(whole):
    _, results = whole
    steps = {path: stage["step"] for path, stage in results["stages"].items()}
    # Three batches an epoch.
    assert steps == {"intermediate": 3, "prediction": 6, "student_alone/labels": 9}


def test_final_numbers_are_those_of_the_best_weights(whole):
    _, results = whole
    assert results["accuracy"] == results["stages"]["prediction"]["best"]
    alone = results["stages"]["student_alone/labels"]["best"]
    assert results["student_alone"]["accuracy"] == alone


def test_the_run_folder_is_complete(whole):
    config, _ = whole
    folder = Path(config.output_dir)
    saved = json.loads((folder / "run_config.json").read_text("utf-8"))
    assert saved == config.to_dict()
    assert not list(folder.rglob("state-*")) and not list(folder.rglob(".*"))
    rows = (folder / "predictions.tsv").read_text("utf-8").splitlines()
    assert len(rows) == 1 + TEST_ROWS
    (prediction,) = distill_tf.load(folder).predict(["a ba c d"])
    assert prediction.label in ("0", "1")


@pytest.mark.parametrize("do_train", [False, True])
def test_a_finished_run_is_only_evaluated_again(whole, capsys, do_train):
    config, results = whole
    models = [config.output_dir, Path(config.output_dir) / "student_alone"]
    before = [student_weights(folder) for folder in models]
    again = distill_tf.distill(config.replace(do_train=do_train, do_predict=False))
    for row in ("teacher", "student_alone"):
        assert again[row]["accuracy"] == results[row]["accuracy"]
    assert again["accuracy"] == results["accuracy"]
    assert again["stages"] == results["stages"]
    for folder, weights in zip(models, before, strict=True):
        assert_same_weights(student_weights(folder), weights)
    table = capsys.readouterr().out
    rows = ("teacher", "student_alone", "student (tinybert)")
    positions = [table.index(f" {row} ") for row in rows]
    assert positions == sorted(positions)


def test_an_evaluation_records_what_the_run_was_trained_with(whole, capsys):
    config, results = whole
    again = distill_tf.distill(
        config.replace(do_train=False, do_predict=False, seed=7, method="kd")
    )
    assert again["seed"] == results["seed"] == config.seed
    assert again["config"] == results["config"]
    assert "student (tinybert)" in capsys.readouterr().out


def test_a_configuration_without_the_runs_task_does_not_touch_it(whole):
    config, _ = whole
    before = digest(config.output_dir)
    nothing_but_the_folder = distill_tf.DistillConfig(
        do_train=False, output_dir=config.output_dir
    )
    with pytest.raises(DistillError, match="task sst-2, but task_name is sample; give"):
        distill_tf.distill(nothing_but_the_folder)
    assert digest(config.output_dir) == before


@pytest.mark.slow
def test_one_stage_at_a_time_gives_the_same_student(tmp_path, whole):
    config, _ = whole
    config = config.replace(
        student_alone=False,
        do_predict=False,
        do_eval=False,
        result_dir="",
        # That of the whole run.
        teacher_cache=str(Path(config.output_dir).parent / "teacher_cache"),
    )
    first, second = str(tmp_path / "first"), str(tmp_path / "second")
    distill_tf.distill(config.replace(output_dir=first, pred_distill=False))
    distill_tf.distill(
        config.replace(
            output_dir=second, intermediate_distill=False, init_checkpoint_student=first
        )
    )
    assert_same_weights(student_weights(second), student_weights(config.output_dir))


def test_a_run_that_broke_off_ends_as_if_it_had_not(tmp_path, whole, monkeypatch):
    # The first break comes before any state of the prediction stage is saved, the
    # second one within the student alone, after a state.
    config, _ = whole
    config = config.replace(
        output_dir=str(tmp_path / "run"), result_dir="", do_eval=False, do_predict=False
    )
    dev_metrics, calls = evaluate.dev_metrics, []

    def break_off(*args):
        calls.append(args)
        if len(calls) in (2, 6):  # The first one rates the teacher.
            raise KeyboardInterrupt
        return dev_metrics(*args)

    monkeypatch.setattr(evaluate, "dev_metrics", break_off)
    for stage, state in (("prediction", False), ("student_alone/labels", True)):
        with pytest.raises(KeyboardInterrupt):
            distill_tf.distill(config)
        states = list((tmp_path / "run" / "stages" / stage).glob("state-*"))
        assert bool(states) is state
        assert not (tmp_path / "run" / "model.keras").exists()
    distill_tf.distill(config)
    whole_run = Path(whole[0].output_dir)
    for name in ("", "student_alone"):
        assert_same_weights(
            student_weights(tmp_path / "run" / name), student_weights(whole_run / name)
        )


def learn_beside_nine_unlabelled(tmp_path, teacher, labelled, **settings):
    """Results of a run on so many rows with a label and nine without."""
    rows = [(text(row), str(row % 2)) for row in range(9)]
    for split, count in (("train", labelled), ("unlabelled", 9), ("dev", 5)):
        write_rows(tmp_path / f"{split}.tsv", ("said", "mood"), *rows[:count])
    config = distill_config(
        task_name="custom",
        text_columns="said",
        label_column="mood",
        data_dir=str(tmp_path),
        init_checkpoint_teacher=teacher,
        output_dir=str(tmp_path / "run"),
        **settings,
    )
    return distill_tf.distill(config)


def test_unlabelled_rows_are_learnt_from(tmp_path, teacher):
    results = learn_beside_nine_unlabelled(tmp_path, teacher, 3, method="kd")
    # Twelve rows in batches of four.
    assert results["stages"]["prediction"]["step"] == 3
    assert {"accuracy", "f1"} <= results.keys()


def test_a_stage_of_labels_alone_reads_what_has_some(tmp_path, teacher):
    results = learn_beside_nine_unlabelled(
        tmp_path,
        teacher,
        labelled=5,
        soft_label_weight=0.0,
        hard_label_weight=1.0,
        student_alone=True,
    )
    steps = {name: stage["step"] for name, stage in results["stages"].items()}
    # Batches of four, of five rows with a label and nine without; alone as many steps.
    assert steps == {"intermediate": 4, "prediction": 2, "student_alone/labels": 6}


def test_a_teacher_that_has_changed_is_not_shown_as_this_ones(tmp_path, sst2, caplog):
    teacher = write_teacher(tmp_path / "teacher")
    config = distill_config(
        data_dir=sst2,
        init_checkpoint_teacher=teacher,
        output_dir=str(tmp_path / "run"),
        method="kd",
    )
    first = distill_tf.distill(config)
    write_teacher(tmp_path / "teacher", seed=9)
    again = distill_tf.distill(config)
    for name in ("accuracy", "examples_per_second"):
        assert again["teacher"][name] == first["teacher"][name]
    assert "the teacher has changed since it taught this student" in caplog.text


def test_a_student_of_all_teacher_layers_starts_as_the_teacher(tmp_path, sst2, teacher):
    config = distill_config(
        **{**AS_THE_TEACHER, **UNTRAINED},
        data_dir=sst2,
        init_checkpoint_teacher=teacher,
        output_dir=str(tmp_path / "run"),
        layer_list="0,1",
    )
    distill_tf.distill(config)
    assert_same_weights(student_weights(tmp_path / "run"), student_weights(teacher))


def test_an_explicit_layer_map_is_obeyed_and_told(tmp_path, sst2, teacher, caplog):
    caplog.set_level("INFO", logger="absl")
    distill_tf.distill(
        distill_config(
            data_dir=sst2,
            init_checkpoint_teacher=teacher,
            output_dir=str(tmp_path / "run"),
            layer_map="0:0,1:1",
            **UNTRAINED,
        )
    )
    (told,) = (line for line in caplog.messages if line.startswith("Stage intermed"))
    assert "(attention_scores, student:teacher 0:0)" in told
    assert "(hidden_states, student:teacher 0:0,1:1)" in told


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", ["true", "false"])
def test_a_teacher_in_bfloat16_beside_a_compiled_step(
    tmp_path, sst2, teacher, jit_compile
):
    config = distill_config(
        data_dir=sst2,
        init_checkpoint_teacher=teacher,
        output_dir=str(tmp_path / "run"),
        method="kd",
        teacher_cache="off",
        precision="mixed_bfloat16",
        jit_compile=jit_compile,
        num_train_epochs=1.0,
    )
    assert 0 <= distill_tf.distill(config)["accuracy"] <= 1


def test_regression_on_pairs(tmp_path):
    scores = ("0.5", "3.25", "5.0")
    folder = write_pairs(tmp_path / "sts", ("train", "dev"), "score", scores)
    results = distill_tf.distill(
        distill_config(
            task_name="sts-b",
            data_dir=folder,
            init_checkpoint_teacher=write_teacher(tmp_path / "google", 1),
            output_dir=str(tmp_path / "run"),
            method="kd",
        )
    )
    for row in (results, results["teacher"]):
        assert {"pearson", "spearman"} <= row.keys()
        assert "accuracy" not in row


@pytest.mark.parametrize("majority", [None, 0.5])
def test_a_teacher_that_guesses_gets_a_warning(
    tmp_path, sst2, teacher, monkeypatch, caplog, majority
):
    # The teacher is right on 4 of the 7 rows, as often as always saying "0".
    if majority:
        baseline = "distill_tf.pipeline.teacher.majority_baseline"
        monkeypatch.setattr(baseline, lambda labels: majority)
    distill_tf.distill(
        distill_config(
            **UNTRAINED,
            data_dir=sst2,
            init_checkpoint_teacher=teacher,
            output_dir=str(tmp_path / "run"),
            method="none",
        )
    )
    warnings = [r for r in caplog.records if "NO BETTER THAN GUESSING" in r.message]
    assert [each.levelname for each in warnings] == ([] if majority else ["WARNING"])


@pytest.fixture
def shrink(monkeypatch):
    """Gives a sample task few examples."""

    def use(make_task):
        task = make_task(SampleSizes(train=6, unlabelled=8, teacher_train=40, dev=12))
        monkeypatch.setattr(task_data, "build_task", lambda options: task)

    return use


@pytest.mark.slow
def test_the_sample_task_trains_a_teacher_that_all_runs_share(tmp_path, shrink):
    shrink(sample_task)
    config = distill_config(
        task_name="SAMPLE", output_dir=str(tmp_path / "first"), method="kd"
    )
    distill_tf.distill(config.replace(max_seq_length=24, do_eval=False))
    for stage in ("prediction", "student_alone/labels"):
        done = tmp_path / "first" / "stages" / stage / "done.json"
        # Six labelled and eight unlabelled rows.
        assert json.loads(done.read_text("utf-8"))["step"] == 4

    teacher = digest(tmp_path / "sample_teacher")
    assert teacher
    other = config.replace(num_train_epochs=0.0, do_eval=False, student_alone=False)
    second = str(tmp_path / "second")
    distill_tf.distill(other.replace(max_seq_length=30, output_dir=second))
    assert digest(tmp_path / "sample_teacher") == teacher


@pytest.mark.slow
def test_the_sample_pair_task(tmp_path, shrink):
    shrink(sample_pair_task)
    config = distill_config(
        **UNTRAINED,
        task_name="sample_pair",
        method="none",
        max_seq_length=30,
        output_dir=str(tmp_path / "run"),
        student_alone=False,
    )
    distill_tf.distill(config)
    (prediction,) = distill_tf.load(tmp_path / "run").predict(["a plot"], ["a claim"])
    assert prediction.label in ("contradiction", "support")


def test_a_layout_of_pairs_is_refused_before_a_teacher_of_single_texts_is_trained(
    tmp_path, shrink
):
    shrink(sample_task)
    config = distill_config(
        task_name="sample", input_layout="bipartite", output_dir=str(tmp_path / "run")
    )
    with pytest.raises(DistillError, match="layout bipartite is for pairs"):
        distill_tf.distill(config)
    assert not list(tmp_path.iterdir())


def test_a_wrong_setting_is_told_before_anything_is_written(tmp_path, sst2, teacher):
    config = distill_config(
        data_dir=sst2,
        init_checkpoint_teacher=teacher,
        output_dir=str(tmp_path / "run"),
        layer_map="1,2",
        **UNTRAINED,
    )
    with pytest.raises(DistillError, match="list exactly 1"):
        distill_tf.distill(config)
    assert not list(tmp_path.iterdir())
    distill_tf.distill(config.replace(layer_map="2"))
    assert (tmp_path / "run" / "model.keras").is_file()


@pytest.mark.parametrize("method", ["none", "tinybert"])
def test_augmented_texts_are_not_read_in_vain(tmp_path, method):
    """In a regression nothing but labels teaches TinyBERT's second stage."""
    config = distill_config(
        task_name="sts-b",
        data_dir=write_pairs(tmp_path, ("train", "dev"), "score", ("1.5", "4.0")),
        init_checkpoint_teacher=write_teacher(tmp_path / "teacher", num_classes=1),
        output_dir=str(tmp_path / "run"),
        method=method,
        aug_train=True,
    )
    with pytest.raises(DistillError, match="asks none in its stage"):
        distill_tf.distill(config)
    assert not (tmp_path / "run").exists()
