"""A run's folder: whose it is, and what it refuses."""

import json

import pytest
from tiny_runs import distill_config
from tiny_runs import fine_tune_config

from distill_tf.config.options import CONFIG_FILE
from distill_tf.errors import DistillError
from distill_tf.pipeline.run_folder import RESULTS_FILE
from distill_tf.pipeline.run_folder import RunFolder


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


def test_results_are_written_twice_if_asked(tmp_path):
    config = distill_config(output_dir=str(tmp_path / "run"))
    folder = RunFolder(config)
    folder.create()
    folder.write_results({"accuracy": 0.5})
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    second = config.replace(result_dir=str(tmp_path / "results" / "kd"))
    RunFolder(second).write_results({"accuracy": 0.25})
    for name in ("run", "results/kd"):
        written = (tmp_path / name / RESULTS_FILE).read_text("utf-8")
        assert json.loads(written) == {"accuracy": 0.25}
