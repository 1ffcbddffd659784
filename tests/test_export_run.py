"""From a run's folder to exports, and the command that does it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_exports import write_run
from tiny_runs import DEV_ROWS

import distill_tf.export
from distill_tf.errors import DistillError
from distill_tf.evaluation.cost import Latency
from distill_tf.export import run
from distill_tf.export.comparison_texts import ComparisonTexts
from distill_tf.export.comparison_texts import given_texts
from distill_tf.export.exporter import Export
from distill_tf.export.latency import KERAS
from distill_tf.export.latency import measure_latencies
from distill_tf.labels import LabelSet
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples

LABELS = LabelSet(("0", "1"), False)


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """What a run on SST-2 leaves."""
    return write_run(tmp_path_factory.mktemp("run") / "sst-2")


class FakeExporter:
    """Writes one file, and reads the logits off by `offset`."""

    marker = "weights"

    def __init__(
        self, name, predictor, offset=0.0, refuse="", fail="", is_versioned=False
    ):
        self.name, self.predictor, self.offset = name, predictor, offset
        self.refuse, self.fail, self.is_versioned = refuse, fail, is_versioned

    def check(self, predictor):
        if self.refuse:
            raise DistillError(self.refuse)

    def export(self, predictor, folder):
        assert list(folder.iterdir()) == []
        (folder / "weights").write_bytes(bytes(5))
        if self.fail:
            raise DistillError(self.fail)

    def open(self, folder):
        def logits(texts, texts_b):
            return self.predictor.logits(texts, texts_b) + np.float32(self.offset)

        files = (folder / "weights",)
        return tuple(Export(files, logits, 0.1, v) for v in ("float32", "int8"))


@pytest.fixture
def fakes(monkeypatch, run_folder):
    """Exporters by name in place of the real ones, and no processes for latency."""
    exporters = {}
    monkeypatch.setattr(run, "EXPORTERS", exporters)
    latencies = {name: Latency(1.0, 2.0) for name in ("", "float32", "int8")}
    monkeypatch.setattr(run, "measure_latencies", lambda *_: latencies)
    predictor = Predictor.load(run_folder)

    def add(name, **options):
        exporters[name] = FakeExporter(name, predictor, **options)

    return add


def test_every_variant_is_reported(fakes, run_folder, tmp_path, caplog):
    fakes("google")
    fakes("onnx", offset=0.5)
    report = run.export(run_folder, ["google", "onnx"], tmp_path / "out", num_texts=3)
    assert json.loads((tmp_path / "out/export_report.json").read_text()) == report
    assert report["texts"] == {"source": "the dev set of sst-2", "count": 3}
    assert [
        (entry["format"], entry["variant"], entry["is_within_tolerance"])
        for entry in report["exports"]
    ] == [
        ("google", "float32", True),
        ("google", "int8", True),
        ("onnx", "float32", False),
        ("onnx", "int8", False),
    ]
    assert report["exports"][0]["accuracy"] == report["keras"]["accuracy"]
    assert "onnx int8 differs from the Keras model by up to 0.5" in caplog.text
    assert "google" not in caplog.text


def test_nothing_is_written_if_one_format_cannot_be(fakes, run_folder, tmp_path):
    fakes("google")
    fakes("onnx", refuse="no onnx here")
    with pytest.raises(DistillError, match="no onnx here"):
        run.export(run_folder, ["google", "onnx"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_broken_export_leaves_the_one_before(fakes, run_folder, tmp_path):
    fakes("onnx")
    run.export(run_folder, ["onnx"], tmp_path)
    (tmp_path / "onnx/old").touch()
    fakes("onnx", fail="disk full")
    with pytest.raises(DistillError, match="disk full"):
        run.export(run_folder, ["onnx"], tmp_path)
    assert sorted(path.name for path in (tmp_path / "onnx").iterdir()) == [
        "old",
        "weights",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "export_report.json",
        "onnx",
    ]
    fakes("onnx")
    run.export(run_folder, ["onnx"], tmp_path)
    assert not (tmp_path / "onnx/old").exists()


def test_what_is_no_export_is_not_replaced(fakes, run_folder, tmp_path):
    fakes("google")
    fakes("onnx")
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx/mine.py").touch()
    with pytest.raises(DistillError, match="export to onnx, but holds other .*mine.py"):
        run.export(run_folder, ["google", "onnx"], tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["onnx", "mine.py"]
    (tmp_path / "onnx/mine.py").unlink()
    run.export(run_folder, ["onnx"], tmp_path)
    assert (tmp_path / "onnx/weights").exists()


def test_a_float32_model_is_exported_whatever_it_computes_in(fakes, tmp_path):
    fakes("onnx")
    (exporter,) = run.EXPORTERS.values()
    computed = []
    exporter.check = lambda predictor: computed.append(predictor.model.compute_dtype)
    texts = ComparisonTexts(Examples(["a", "b"]), "two")
    run.export_predictor(
        exporter.predictor.with_precision("bfloat16"), ["onnx"], tmp_path, texts
    )
    assert computed == ["float32"]


def test_other_versions_stay(fakes, run_folder, tmp_path):
    fakes("savedmodel", is_versioned=True)
    run.export(run_folder, ["savedmodel"], tmp_path)
    (tmp_path / "savedmodel/2").mkdir()
    (tmp_path / "savedmodel/2/weights").write_bytes(b"later")
    (tmp_path / "savedmodel/weights").write_bytes(b"changed")
    fakes("savedmodel", is_versioned=True, fail="disk full")
    with pytest.raises(DistillError, match="disk full"):
        run.export(run_folder, ["savedmodel"], tmp_path)
    assert (tmp_path / "savedmodel/weights").read_bytes() == b"changed"
    fakes("savedmodel", is_versioned=True)
    run.export(run_folder, ["savedmodel"], tmp_path)
    assert (tmp_path / "savedmodel/weights").read_bytes() == bytes(5)
    assert (tmp_path / "savedmodel/2/weights").read_bytes() == b"later"
    names = ("savedmodel", "export_report.json")
    assert {path.name for path in tmp_path.iterdir()} == set(names)
    assert {path.name for path in (tmp_path / "savedmodel").iterdir()} == {
        *("2", "weights")
    }


def test_the_report_keeps_what_is_said_of_other_formats(fakes, run_folder, tmp_path):
    for name in ("google", "onnx", "litert"):
        fakes(name)
    run.export(run_folder, ["google", "onnx", "litert"], tmp_path, num_texts=3)
    shutil.rmtree(tmp_path / "litert")
    fakes("onnx", offset=0.01)
    report = run.export(run_folder, ["onnx"], tmp_path, num_texts=2)
    assert json.loads((tmp_path / "export_report.json").read_text()) == report
    assert [
        (entry["format"], entry["texts"]["count"]) for entry in report["exports"]
    ] == [("google", 3)] * 2 + [("onnx", 2)] * 2
    assert report["exports"][2]["max_logit_difference"] == pytest.approx(0.01, rel=0.1)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "output_dir should be a folder, but .* is a file"),
        ("onnx", "output_dir should be a folder, but .*onnx is a file"),
        ("export_report.json", "should be the report of earlier exports, but cannot"),
    ],
)
def test_a_file_in_the_way_is_told_first(fakes, run_folder, tmp_path, name, sentence):
    fakes("google")
    fakes("onnx")
    place = tmp_path / "out" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text("{}", "utf-8")
    with pytest.raises(DistillError, match=sentence):
        run.export(run_folder, ["google", "onnx"], tmp_path / "out")
    assert place.read_text("utf-8") == "{}"
    assert not (tmp_path / "out" / "google").exists()


def test_texts_of_a_file_are_compared_instead(fakes, run_folder, tmp_path):
    fakes("onnx")
    (tmp_path / "texts").write_text("a b\nc\n", "utf-8")
    report = run.export(
        run_folder, ["onnx"], tmp_path / "out", texts_file=str(tmp_path / "texts")
    )
    assert report["texts"] == {"source": "the texts given", "count": 2}
    assert "accuracy" not in report["keras"]


def test_an_export_that_does_not_open_is_one_sentence(tmp_path):
    with pytest.raises(DistillError, match="could not be opened in a process of its"):
        measure_latencies(KERAS, tmp_path, given_texts(["a"]))


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "distill_tf.export", *map(str, arguments)],
        cwd=Path(distill_tf.__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.slow
def test_the_command_exports_a_run(run_folder):
    process = command(run_folder, "--to=savedmodel")
    assert process.returncode == 0, process.stderr
    folder = run_folder / "export"
    report = json.loads((folder / "export_report.json").read_text("utf-8"))
    assert report["texts"]["count"] == DEV_ROWS
    (entry,) = report["exports"]
    assert entry["is_within_tolerance"] and entry["agreement"] == 1
    files = [path for path in (folder / "savedmodel").rglob("*") if path.is_file()]
    assert entry["size_bytes"] == sum(path.stat().st_size for path in files)
    assert 0 < entry["latency_ms_p50"] < entry["latency_ms_p90"] * 1.001
    assert report["keras"]["latency_ms_p50"] > 0
    assert "savedmodel" in process.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Error: expected the folder of one finished run"),
        (["nowhere"], "Error: nowhere should be the folder of a finished run"),
        (["nowhere", "--to=torch"], "Error: the formats to export to must be some of"),
    ],
)
def test_mistakes_are_one_sentence(arguments, sentence):
    process = command(*arguments)
    assert process.returncode == 1
    assert process.stdout == ""
    assert sentence in process.stderr
    assert "Traceback" not in process.stderr


def test_help_lists_the_flags():
    process = command("--help")
    for name in ("to", "output_dir", "data_dir", "texts_file", "num_texts"):
        assert f"--{name}:" in process.stdout
