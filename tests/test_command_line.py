"""The two commands in processes of their own."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_bert import assert_same_weights
from tiny_runs import QUICK
from tiny_runs import STUDENT
from tiny_runs import distill_config
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.command_line import mistakes_in_one_sentence
from distill_tf.errors import DistillError

ROOT = Path(distill_tf.__file__).parents[1]
PATIENCE_SECONDS = 300


def command(script: str, *arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / script), *arguments]


def run(script: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(script, *arguments),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )


def wait_for(pattern: str, folder: Path, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not list(folder.glob(pattern)):
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_help_lists_every_flag():
    process = run("run_classifier.py", "--help")
    assert "Fine-tunes and evaluates a BERT classifier" in process.stdout
    for field in dataclasses.fields(distill_tf.FineTuneConfig):
        assert f"--{field.name}:" in process.stdout.replace("[no]", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--task_name=sst3"],
            "Error: no task named 'sst3'; --task_name must be one of",
        ),
        (
            ["--method=magic"],
            "--method=magic: value should be one of <tinybert|tinybert_oneflow|",
        ),
    ],
)
def test_mistakes_end_the_command_without_a_traceback(tmp_path, arguments, sentence):
    process = run("run_distill.py", f"--output_dir={tmp_path / 'run'}", *arguments)
    assert process.returncode == 1
    assert sentence in process.stderr
    assert "Traceback" not in process.stderr
    assert process.stdout == ""
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_killed_run_goes_on_under_the_same_command(tmp_path):
    settings = {
        **QUICK,
        **STUDENT,
        "data_dir": write_sst2(tmp_path / "data"),
        "init_checkpoint_teacher": write_teacher(tmp_path / "teacher"),
        "num_train_epochs": 9.0,
        "save_checkpoints_steps": 4,
    }
    flags = "".join(f"--{name}={value}\n" for name, value in settings.items())
    (tmp_path / "kill.flags").write_text(flags, "utf-8")
    output = tmp_path / "run"
    arguments = (f"--flagfile={tmp_path / 'kill.flags'}", f"--output_dir={output}")

    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        command("run_distill.py", *arguments), stdout=log, stderr=log
    )
    wait_for("stages/prediction/state-*", output, process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    log.close()
    assert not (output / "model.keras").exists()

    assert run("run_distill.py", *arguments).returncode == 0
    results = json.loads((output / "results_eval.json").read_text("utf-8"))
    whole = distill_config(**{**settings, "output_dir": str(tmp_path / "whole")})
    expected = distill_tf.distill(whole)
    assert results["accuracy"] == expected["accuracy"]
    for stage in ("intermediate", "prediction"):
        found = results["stages"][stage]
        assert found["step"] == expected["stages"][stage]["step"]
        assert found["evaluations"] == expected["stages"][stage]["evaluations"]
    weights = [
        named_weights(distill_tf.load(f).model) for f in (output, whole.output_dir)
    ]
    assert_same_weights(*weights)

    # A finished run is evaluated under its own settings, and only its folder is named.
    again = run("run_distill.py", f"--output_dir={output}", "--do_train=false")
    assert again.returncode == 0
    assert "student (tinybert)" in again.stdout
    written = json.loads((output / "results_eval.json").read_text("utf-8"))
    assert written["accuracy"] == results["accuracy"]
    # The settings that it was trained with.
    assert written["config"] == results["config"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "no", "/mine"), "Error: /mine cannot be used (Permission"),
        (DistillError("this: mend it."), "Error: this: mend it."),
    ],
)
def test_what_the_system_refuses_is_one_sentence(capsys, error, said):
    with (
        pytest.raises(SystemExit, match="1"),
        mistakes_in_one_sentence("nothing was written"),
    ):
        raise error
    assert capsys.readouterr().err.startswith(said)


def test_an_error_of_ours_keeps_its_traceback():
    with (
        pytest.raises(OSError, match="whatever"),
        mistakes_in_one_sentence("nothing was written"),
    ):
        raise OSError("whatever")
