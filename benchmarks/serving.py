"""Milliseconds from one text to its label, on one thread, in every exported format.

    pip install -e ".[benchmark,onnx,litert,serving]"
    python benchmarks/serving.py --run_dir=output/sst-2_tinybert \\
        --output=docs/benchmarks/serving.json

All read the sentences of the run's dev set one by one, in processes of their own that
take turns. The peer is transformers' text-classification pipeline in PyTorch on the
same student; a student that transformers does not know stands beside its PyTorch code.
"""

import itertools
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from absl import app
from absl import flags
from taking_turns import compare
from taking_turns import publish

_RUN_DIR = flags.DEFINE_string("run_dir", None, "A finished run.", required=True)
_DATA_DIR = flags.DEFINE_string("data_dir", "", "Its task's files, if they moved.")
_STEPS = flags.DEFINE_integer("steps", 30, "Texts a round.")
_ROUNDS = flags.DEFINE_integer("rounds", 10, "Rounds a contestant.")
_OUTPUT = flags.DEFINE_string("output", "", "JSON file for the result.")

_FORMATS = ("savedmodel", "onnx", "litert", "pytorch")
_PIPELINE = "Hugging Face pipeline, PyTorch"


def _predictor(settings: dict) -> Callable[[str], str]:
    import distill_tf

    predictor = distill_tf.load(settings["run_dir"])
    return lambda text: predictor.predict([text])[0].label


def _saved_model(settings: dict) -> Callable[[str], str]:
    import tensorflow as tf
    import tensorflow_text  # noqa: F401

    loaded = tf.saved_model.load(f"{settings['exports']}/savedmodel/1")
    classify = loaded.signatures["serving_default"]

    def run(text: str) -> str:
        labels = classify(text=tf.constant([text]))["label"].numpy()
        return labels[0].decode("utf-8")

    run.loaded = loaded  # Keeps weights and tables alive.
    return run


def _export(name: str, variant: str = "") -> Callable[[dict], Callable[[str], str]]:
    """A format that gives logits, opened as its documentation says."""

    def build(settings: dict) -> Callable[[str], str]:
        from distill_tf.export import EXPORTERS

        exports = EXPORTERS[name].open(Path(settings["exports"], name))
        (export,) = (each for each in exports if each.variant == variant)
        names = settings["labels"]
        return lambda text: names[export.logits([text], None)[0].argmax()]

    return build


def _pipeline(settings: dict) -> Callable[[str], str]:
    import torch
    import transformers

    torch.set_num_threads(1)
    classify = transformers.pipeline(
        "text-classification", model=f"{settings['exports']}/pytorch"
    )
    return lambda text: classify(text, truncation=True)[0]["label"]


_BUILDERS = {
    "SavedModel": _saved_model,
    "Predictor.predict": _predictor,
    "ONNX Runtime": _export("onnx"),
    "LiteRT float32": _export("litert", "float32"),
    "LiteRT int8": _export("litert", "int8"),
    "PyTorch": _export("pytorch"),
    _PIPELINE: _pipeline,
}


class _Contestant:
    """Reads the texts in turn; has to be importable by child processes."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, settings: dict) -> Callable[[int], None]:
        classify = _BUILDERS[self.name](settings)
        texts = itertools.cycle(settings["texts"])

        def run(steps: int) -> None:
            for text in itertools.islice(texts, steps):
                classify(text)

        run(len(settings["texts"]))  # Meets every length before it is timed.
        return run


def _prepare(folder: Path) -> dict:
    """Exports the student; gives what every contestant needs."""
    from distill_tf.export import EXPORTERS
    from distill_tf.export.comparison_texts import dev_texts
    from distill_tf.predictor import Predictor

    run_dir, count = Path(_RUN_DIR.value), _STEPS.value * _ROUNDS.value
    predictor = Predictor.load(run_dir)
    texts = dev_texts(run_dir, predictor.labels, count, _DATA_DIR.value)
    for name in _FORMATS:
        (folder / name).mkdir()
        EXPORTERS[name].check(predictor)
        EXPORTERS[name].export(predictor, folder / name)
    return {
        "run_dir": str(run_dir),
        "exports": str(folder),
        "labels": predictor.labels.names,
        "texts": list(texts.examples.texts_a),
        "parameters": predictor.model.num_parameters,
    }


def _is_hugging_face(folder: Path) -> bool:
    config = json.loads((folder / "pytorch/config.json").read_text("utf-8"))
    return config["model_type"] == "bert"


def main(argv: list[str]) -> None:
    del argv
    from distill_tf.export.latency import ONE_THREAD

    # Child processes read it when they start.
    os.environ.update(ONE_THREAD)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = _prepare(folder)
        left_out = "PyTorch" if _is_hugging_face(folder) else _PIPELINE
        contestants = {
            name: _Contestant(name) for name in _BUILDERS if name != left_out
        }
        seconds = compare(
            contestants, settings, _STEPS.value, _ROUNDS.value, one_by_one=True
        )
    _report(settings, seconds)


def _report(settings: dict, seconds: dict[str, list[float]]) -> None:
    result = {
        "run": Path(settings["run_dir"]).name,
        "parameters": settings["parameters"],
        "texts": len(settings["texts"]),
        "latency_ms": {
            name: {
                f"p{q}": round(1000 * float(np.percentile(values, q)), 3)
                for q in (50, 90)
            }
            for name, values in seconds.items()
        },
    }
    medians = {name: each["p50"] for name, each in result["latency_ms"].items()}
    result["fastest"] = min(medians, key=medians.get)
    if _PIPELINE in medians:
        result["times_faster_than_the_pipeline"] = {
            name: round(medians[_PIPELINE] / median, 2)
            for name, median in medians.items()
        }
    publish(result, _OUTPUT.value)


if __name__ == "__main__":
    app.run(main)
