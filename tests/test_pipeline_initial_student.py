"""The student as it would start, as a Google checkpoint."""

import os

import numpy as np
import pytest
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_runs import OF_THE_TEACHER
from tiny_runs import distill_config
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config.options import CONFIG_FILE
from distill_tf.errors import DistillError
from distill_tf.pipeline import initial_student


@pytest.fixture
def settings(tmp_path):
    return {
        **OF_THE_TEACHER,
        "model_type": "bert_pkd",
        "layer_list": "1",
        "init_checkpoint_teacher": write_teacher(tmp_path / "teacher"),
        "output_dir": str(tmp_path / "start"),
    }


@pytest.mark.parametrize(
    ("model_type", "method"),
    [("bert_pkd", "pkd"), ("theseus", "theseus"), ("tinybert", "kd")],
)
def test_layers_of_the_teacher_with_all_the_rest(settings, model_type, method, caplog):
    caplog.set_level("INFO", logger="absl")
    settings = {**settings, "model_type": model_type, "method": method}
    assert distill_tf.distill(distill_config(**settings, init_student_only=True)) == {}
    assert f"starts (1 layers) is in {settings['output_dir']}." in caplog.text
    teacher = load_checkpoint(settings["init_checkpoint_teacher"])
    start = load_checkpoint(settings["output_dir"])
    assert start.tokens == tuple(TOKENS)
    assert start.config.num_hidden_layers == 1
    assert start.num_classes == 2
    for name, weight in start.weights.items():
        of_teacher = name.replace("/layer_0/", "/layer_1/")
        np.testing.assert_array_equal(weight, teacher.weights[of_teacher])


def test_a_run_starts_from_what_was_written(tmp_path, settings):
    distill_tf.distill(distill_config(**settings, init_student_only=True))
    start = load_checkpoint(settings["output_dir"]).without_head().weights
    settings |= {
        "layer_list": "",
        "student_num_hidden_layers": 1,
        "init_checkpoint_student": settings["output_dir"],
        "output_dir": str(tmp_path / "run"),
    }
    distill_tf.distill(
        distill_config(
            **settings,
            method="pkd_oneflow",
            num_train_epochs=0.0,
            do_eval=False,
            data_dir=write_sst2(tmp_path / "sst2"),
        )
    )
    weights = named_weights(distill_tf.load(settings["output_dir"]).model)
    assert_same_weights({name: weights[name] for name in start}, start)


def test_a_student_of_another_kind(settings):
    config = distill_config(
        **{**settings, "model_type": "bilstm", "method": "tang", "layer_list": ""},
        init_student_only=True,
    )
    with pytest.raises(DistillError, match="writes a BERT, but model_type is bilstm"):
        distill_tf.distill(config)


def test_a_folder_with_something_in_it(tmp_path, settings):
    (tmp_path / "start").mkdir()
    (tmp_path / "start" / "mine.txt").touch()
    with pytest.raises(DistillError, match="holds other files"):
        distill_tf.distill(distill_config(**settings, init_student_only=True))


def test_what_is_hidden_in_a_folder_is_not_lost(tmp_path, settings):
    (tmp_path / "start" / ".git").mkdir(parents=True)
    with pytest.raises(DistillError, match=r"empty folder, but holds .* \(.git\)"):
        distill_tf.distill(distill_config(**settings, init_student_only=True))
    assert (tmp_path / "start" / ".git").is_dir()


def test_a_folder_of_a_run_stays_as_it_is(settings):
    """Also where nothing would be trained in it."""
    config = distill_config(**settings, init_student_only=True, do_train=False)
    run = config.replace(init_student_only=False)
    run.save(f"{run.output_dir}/{CONFIG_FILE}")
    with pytest.raises(DistillError, match="start is the folder of a run, but init_"):
        distill_tf.distill(config)
    assert os.listdir(run.output_dir) == [CONFIG_FILE]


def test_nothing_is_left_of_what_could_not_be_written(tmp_path, settings, monkeypatch):
    export = initial_student.EXPORTER.export

    def break_off(predictor, folder):
        export(predictor, folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(initial_student.EXPORTER, "export", break_off)
    with pytest.raises(KeyboardInterrupt):
        distill_tf.distill(distill_config(**settings, init_student_only=True))
    assert [path.name for path in tmp_path.iterdir()] == ["teacher"]
