"""A run's folder: whose it is, and what it refuses."""

import json
from dataclasses import replace

import pytest
from tiny_runs import distill_config
from tiny_runs import fine_tune_config

from distill_tf.config.options import CONFIG_FILE
from distill_tf.errors import DistillError
from distill_tf.pipeline.run_folder import RESULTS_FILE
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.trained_on import TrainedOn

TRAINED_ON = TrainedOn(
    labels=["0", "1"], num_examples=11, examples="e1", dev="d1", teacher="t1"
)


def begun(config) -> RunFolder:
    """A run that has got as far as its first stage."""
    folder = RunFolder(config)
    folder.create()
    folder.stage("labels").mkdir(parents=True)
    return folder


@pytest.mark.parametrize("exists", [False, True])
def test_looking_at_a_new_folder_writes_nothing(tmp_path, exists):
    output = tmp_path / "deep" / "run"
    if exists:
        output.mkdir(parents=True)
    RunFolder(fine_tune_config(output_dir=str(output), result_dir=str(tmp_path / "r")))
    assert not any(output.glob("*"))
    assert not (tmp_path / "r").exists()


def test_the_same_run_goes_on(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"))
    begun(config)
    assert RunFolder(config).stage("labels").is_dir()


@pytest.mark.parametrize(
    "change",
    [
        {"do_train": False},
        {"do_predict": True},
        {"eval_batch_size": 3},
        {"save_checkpoints_steps": 7},
        {"tensorboard": True},
    ],
)
def test_what_does_not_change_the_training_may_change(tmp_path, change):
    config = distill_config(output_dir=str(tmp_path / "run"))
    begun(config)
    RunFolder(config.replace(**change))


def test_another_run_is_refused_with_the_difference(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"), seed=1)
    begun(config)
    sentence = "run holds another run .seed was 1 and is now 2.; choose another output_"
    with pytest.raises(DistillError, match=sentence):
        RunFolder(config.replace(seed=2))


def test_a_run_that_got_nowhere_may_be_corrected(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"), seed=1)
    RunFolder(config).create()
    corrected = RunFolder(config.replace(seed=2))
    corrected.create()
    assert json.loads((corrected.path / CONFIG_FILE).read_text("utf-8"))["seed"] == 2


def test_the_run_of_the_other_command_is_refused(tmp_path):
    begun(fine_tune_config(output_dir=str(tmp_path)))
    with pytest.raises(DistillError, match="another command's run"):
        RunFolder(distill_config(output_dir=str(tmp_path)))


def test_a_finished_run_is_not_evaluated_on_another_task(tmp_path):
    begun(distill_config(output_dir=str(tmp_path), task_name="SST2"))
    RunFolder(distill_config(output_dir=str(tmp_path), do_train=False))
    sentence = r"task sst-2, but task_name is rte; give task_name=sst-2 .*load\('.*run_"
    with pytest.raises(DistillError, match=sentence):
        RunFolder(
            distill_config(output_dir=str(tmp_path), task_name="rte", do_train=False)
        )


def test_a_second_process_is_refused(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"))
    # Both found the folder new.
    first, second = RunFolder(config), RunFolder(config)
    with first:
        first.create()
        with pytest.raises(DistillError, match="run is in use by another process"):
            second.create()
        with pytest.raises(DistillError, match="in use"), RunFolder(config):
            pass
    assert [path.name for path in (tmp_path / "run").iterdir()] == [CONFIG_FILE]
    with RunFolder(config):
        pass


def test_what_another_process_did_meanwhile_is_noticed(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"), seed=1)
    late = RunFolder(config.replace(seed=2))
    with begun(config):
        pass
    with late, pytest.raises(DistillError, match="seed was 1 and is now 2"):
        late.create()


def test_a_run_goes_on_with_what_it_was_begun_with(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"))
    for _ in range(2):
        with RunFolder(config) as folder:
            folder.begin(TRAINED_ON)
            folder.stage("labels").mkdir(parents=True, exist_ok=True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"labels": ["1", "0"]}, "the labels were 0, 1 and are now 1, 0"),
        ({"labels": []}, "the labels were 0, 1 and are now numbers"),
        ({"num_examples": 9}, "it had 11 training examples and there are now 9"),
        ({"examples": "e2"}, "texts or labels of the training examples have changed"),
        ({"dev": "d2"}, "texts or labels of the dev set have changed"),
        ({"teacher": "t2"}, "the teacher has changed"),
    ],
)
def test_a_run_does_not_go_on_with_something_else(tmp_path, change, sentence):
    config = distill_config(output_dir=str(tmp_path / "run"))
    now = replace(TRAINED_ON, **change)
    # Before there is any training, it may change.
    for trained_on in (now, TRAINED_ON):
        with RunFolder(config) as folder:
            folder.begin(trained_on)
    folder.stage("labels").mkdir(parents=True)
    with pytest.raises(DistillError, match=f"begun otherwise .{sentence}.; restore "):
        RunFolder(config).begin(now)


def test_runs_that_do_not_know_what_they_were_begun_with_go_on(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"))
    folder = begun(config)
    folder.begin(TRAINED_ON)
    folder.begin(replace(TRAINED_ON, teacher="t2"))
    unknown = replace(TRAINED_ON, teacher=None)
    assert unknown.difference(TRAINED_ON) is TRAINED_ON.difference(unknown) is None


def test_foreign_files_are_refused_by_name(tmp_path):
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(DistillError, match=r"other files \(thesis.doc\); choose"):
        RunFolder(distill_config(output_dir=str(tmp_path)))


def test_a_hidden_leftover_of_a_kill_is_no_foreign_file(tmp_path):
    (tmp_path / ".0123456789ab.run_config.json").touch()
    RunFolder(distill_config(output_dir=str(tmp_path)))


@pytest.mark.parametrize("option", ["output_dir", "result_dir"])
@pytest.mark.parametrize("below", ["", "deep/run"])
def test_a_file_in_the_way_is_named(tmp_path, option, below):
    (tmp_path / "file").touch()
    settings = {"output_dir": str(tmp_path / "run")}
    settings[option] = str(tmp_path / "file" / below)
    with pytest.raises(DistillError, match=f"{option} should be a folder.*file is a f"):
        RunFolder(distill_config(**settings))


def test_a_folder_without_write_permission_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)
    with pytest.raises(DistillError, match="may not be written to; choose another out"):
        RunFolder(distill_config(output_dir=str(tmp_path / "run")))


def test_stage_records_by_their_path(tmp_path):
    folder = RunFolder(distill_config(output_dir=str(tmp_path)))
    for names in (("prediction",), ("student_alone", "labels")):
        folder.stage(*names).mkdir(parents=True)
        record = json.dumps({"step": len(names)})
        (folder.stage(*names) / "done.json").write_text(record, "utf-8")
    folder.stage("unfinished").mkdir()
    assert folder.stage_records() == {
        "prediction": {"step": 1},
        "student_alone/labels": {"step": 2},
    }


@pytest.mark.parametrize("content", ["", "[]", '{"step"'])
@pytest.mark.parametrize(
    ("name", "read", "mend"),
    [
        ("stages/done.json", RunFolder.stage_records, "remove the folder .*stages to"),
        ("stages/teachers.json", RunFolder.teacher_results, "remove it to have the te"),
        (RESULTS_FILE, RunFolder.results, "remove it to have it written anew"),
        (
            "trained_on.json",
            lambda folder: folder.begin(TRAINED_ON),
            "remove it to go on without knowing",
        ),
    ],
)
def test_damaged_records_are_one_sentence(tmp_path, content, name, read, mend):
    folder = begun(distill_config(output_dir=str(tmp_path)))
    (tmp_path / name).write_text(content, "utf-8")
    sentence = f"{name} should belong to this run, but cannot be read .*; {mend}"
    with pytest.raises(DistillError, match=sentence) as caught:
        read(folder)
    assert "\n" not in str(caught.value)


def test_results_are_written_twice_if_asked(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"))
    folder = RunFolder(config)
    folder.create()
    assert folder.results() == {}
    folder.write_results({"accuracy": 0.5})
    assert folder.results() == {"accuracy": 0.5}
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    second = config.replace(result_dir=str(tmp_path / "results" / "kd"))
    RunFolder(second).write_results({"accuracy": 0.25})
    for name in ("run", "results/kd"):
        written = (tmp_path / name / RESULTS_FILE).read_text("utf-8")
        assert json.loads(written) == {"accuracy": 0.25}
