"""Latency of one text in every exported format, on a tiny run."""

import json

import pytest
import serving
from tiny_exports import write_run
from tiny_runs import DEV_ROWS

from distill_tf.errors import DistillError

PIPELINE = "Hugging Face pipeline, PyTorch"
FORMATS = {
    "savedmodel": {"SavedModel"},
    "onnx": {"ONNX Runtime"},
    "litert": {"LiteRT float32", "LiteRT int8"},
    "pytorch": {PIPELINE},
}
LIBRARIES = {
    "onnx": ("onnxruntime", "tf2onnx"),
    "litert": ("ai_edge_litert",),
    "pytorch": ("torch", "transformers"),
}


@pytest.mark.parametrize(
    "formats",
    [
        ("savedmodel",),
        ("pytorch",),
        pytest.param(tuple(FORMATS), marks=pytest.mark.slow),
    ],
)
def test_texts_are_timed_one_by_one(tmp_path, formats):
    for library in (name for each in formats for name in LIBRARIES.get(each, ())):
        pytest.importorskip(library)
    run = write_run(tmp_path / "run")
    result = serving.measure(run, formats, texts=2, rounds=3, in_process=True)
    names = {"Predictor.predict"}.union(*(FORMATS[name] for name in formats))
    assert result["run"] == "run"
    assert result["texts"] == min(DEV_ROWS, 6)
    assert set(result["latency_ms"]) == names
    for each in result["latency_ms"].values():
        assert 0 < each["p50"] <= each["p90"]
    fastest = result["fastest"]
    assert result["latency_ms"][fastest]["p50"] == min(
        each["p50"] for each in result["latency_ms"].values()
    )
    if "pytorch" in formats:
        ratios = result["times_faster_than_the_pipeline"]
        assert ratios[PIPELINE] == 1
        assert ratios[fastest] == max(ratios.values())
    assert not result["left_out"]
    json.dumps(result)


def test_a_run_on_pairs_is_refused(tmp_path):
    run = write_run(tmp_path / "run", is_pair=True)
    with pytest.raises(DistillError, match="reads pairs, but single texts are timed"):
        serving.measure(run, ("savedmodel",), texts=1, rounds=1)
