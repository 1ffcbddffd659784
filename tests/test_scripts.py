"""What the shell scripts run, with a python that only notes it."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from test_docs import CONFIGS
from test_docs import parse_flags

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.pipeline.resolve import resolve
from distill_tf.tasks import get_task

ROOT = Path(__file__).parents[1]
TASKS = ("sst-2", "qqp", "mrpc", "rte", "cola")
KINDS = {
    "teacher": None,
    "kd": ("tinybert", "kd"),
    "lstm": ("bilstm", "soft_ce"),
    "pkd": ("bert_pkd", "pkd_oneflow"),
    "tinybert": ("tinybert", "tinybert_oneflow"),
    "theseus": ("theseus", None),
}


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """A function that runs a script and gives the configurations that it asks for."""
    noted = tmp_path / "noted"
    fake = tmp_path / "bin" / "python"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/bash\nprintf "%s\\0" "$@" "" >> {noted}\n', "utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")

    def run(script, *arguments):
        noted.unlink(missing_ok=True)
        subprocess.run([ROOT / "scripts" / script, *arguments], check=True)
        return [
            as_configuration(*call.split("\0"))
            for call in noted.read_text("utf-8").removesuffix("\0\0").split("\0\0")
        ]

    return run


def as_configuration(script, *arguments):
    arguments = [a.replace("--flagfile=", f"--flagfile={ROOT}/") for a in arguments]
    return parse_flags(CONFIGS[script], arguments)


@pytest.mark.parametrize("method", KINDS)
@pytest.mark.parametrize("task", TASKS)
def test_oneflows_recipes(commands, task, method):
    (config,) = commands(
        "oneflow.sh", task, method, "my data", "start", "out", "--serve_for_online"
    )
    assert (config.task_name, config.data_dir, config.output_dir) == (
        task,
        "my data",
        "out",
    )
    assert config.serve_for_online
    if method == "teacher":
        assert config.init_checkpoint == "start"
        return
    assert config.init_checkpoint_teacher == "start"
    assert (config.model_type, config.method) == KINDS[method]


@pytest.mark.parametrize("task", ["mnli", "qqp", "rte", "boolq"])
def test_two_towers_and_their_rivals(commands, task):
    rivals = ("sbert", "bi_encoder", "poly", "deformer", "dipair", "col")
    teacher, *students = commands("virt.sh", task, "data", "bert", "out", *rivals)
    assert (teacher.init_checkpoint, teacher.input_layout) == ("bert", "bipartite")
    for student, kind in zip(students, ("late_fusion", *rivals), strict=True):
        assert (student.model_type, student.method) == (kind, "virt")
        assert student.task_name == teacher.task_name == task
        assert student.init_checkpoint_teacher == teacher.output_dir
        assert student.init_checkpoint_student == "bert"
        assert student.student_alone
        resolve(student, get_task(task))
    assert len({each.output_dir for each in students}) == len(students)


def test_the_start_of_pkd(commands):
    (config,) = commands("pkd_start.sh", "sst-2", "teacher", "start")
    assert config.init_student_only
    assert (config.model_type, config.layer_list) == ("bert_pkd", "2,6,10")
    (config,) = commands("pkd_start.sh", "sst-2", "teacher", "start", "0,1")
    assert config.layer_list == "0,1"


@pytest.mark.parametrize("config", [DistillConfig, FineTuneConfig])
def test_evaluating_again(commands, tmp_path, config):
    (tmp_path / "run").mkdir()
    saved = json.dumps(config().to_dict(), indent=2)
    (tmp_path / "run" / "run_config.json").write_text(saved, "utf-8")
    (found,) = commands("evaluate.sh", str(tmp_path / "run"), "results")
    assert type(found) is config
    assert not found.do_train and found.do_eval
    assert (found.output_dir, found.result_dir) == (str(tmp_path / "run"), "results")
