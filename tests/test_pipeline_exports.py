"""Exporting at the end of a run, and leaving what serving needs."""

import json
import shutil

import pytest
from tiny_runs import STUDENT
from tiny_runs import distill_config
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.errors import DistillError
from distill_tf.evaluation.cost import Latency
from distill_tf.export import run


def config(tmp_path, **settings):
    return distill_config(
        **{
            "data_dir": write_sst2(tmp_path / "data"),
            "init_checkpoint_teacher": write_teacher(tmp_path / "teacher"),
            "output_dir": str(tmp_path / "run"),
            "method": "kd",
            "student_alone": True,
            **settings,
        }
    )


def test_a_run_that_exports_and_keeps_what_serving_needs(tmp_path, monkeypatch):
    # The command's test starts the processes that measure it.
    latencies = {"": Latency(1.0, 2.0)}
    monkeypatch.setattr(run, "measure_latencies", lambda *_: latencies)
    distill_tf.distill(config(tmp_path, export="google", serve_for_online=True))
    found = {path.name for path in (tmp_path / "run").iterdir()}
    assert found == {
        "export",
        "labels.json",
        "model.keras",
        "results_eval.json",
        "run_config.json",
        "text_settings.json",
        "vocab.txt",
    }
    exported = {path.name for path in (tmp_path / "run/export/google").iterdir()}
    assert {"bert_config.json", "vocab.txt"} <= exported
    assert (tmp_path / "run/export/export_report.json").exists()
    assert distill_tf.load(tmp_path / "run").predict(["a b"])


@pytest.mark.slow
def test_evaluating_again_keeps_what_can_no_longer_be_made(tmp_path):
    settings = config(tmp_path, serve_for_online=True)
    first = distill_tf.distill(settings)
    assert first["stages"].keys() == {"prediction", "student_alone/labels"}
    shutil.rmtree(tmp_path / "teacher")
    for do_train in (True, False):
        again = distill_tf.distill(settings.replace(do_train=do_train))
        for kept in ("stages", "student_alone", "teacher", "accuracy"):
            assert again[kept] == first[kept]
        written = (tmp_path / "run" / "results_eval.json").read_text("utf-8")
        assert json.loads(written) == again


def test_an_unknown_format_is_told_before_training(tmp_path):
    with pytest.raises(DistillError, match="formats to export to must be some of"):
        distill_tf.distill(config(tmp_path, export="savedmodel,torch"))
    assert not (tmp_path / "run").exists()


def test_a_format_that_cannot_hold_the_student_is_told_before_training(tmp_path):
    sizes = {field: None for field in STUDENT if field.startswith("student_")}
    bilstm = config(tmp_path, export="savedmodel,google", model_type="bilstm", **sizes)
    with pytest.raises(DistillError, match="google-research/bert holds BERT .* BiLstm"):
        distill_tf.distill(bilstm)
    assert not (tmp_path / "run").exists()
