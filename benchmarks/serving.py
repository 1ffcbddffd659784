"""Milliseconds from one text to its label, on one thread, in every exported format.

    pip install -e ".[benchmark,onnx,litert,serving]"
    python benchmarks/serving.py --run_dir=output/sst-2_tinybert \\
        --output=docs/benchmarks/serving.json

All read the sentences of the run's dev set one by one, in processes of their own that
take turns. The peer is transformers' text-classification pipeline in PyTorch on the
same student; where transformers does not know it, its exported PyTorch code is timed.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from absl import app
from absl import flags
from served_run import ServedRun
from taking_turns import Contestant
from taking_turns import compare

from distill_tf.command_line import mistakes_in_one_sentence
from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically

# What imports TensorFlow is imported in functions: child processes import this module.

_RUN_DIR = flags.DEFINE_string("run_dir", None, "A finished run.", required=True)
_DATA_DIR = flags.DEFINE_string("data_dir", "", "Its task's files, if they moved.")
_FORMATS = flags.DEFINE_multi_enum(
    "format",
    ["savedmodel", "onnx", "litert", "pytorch"],
    ["savedmodel", "onnx", "litert", "pytorch"],
    "Those beside Predictor.predict; may be given several times.",
)
_TEXTS = flags.DEFINE_integer("texts", 30, "Texts a round.", lower_bound=1)
_ROUNDS = flags.DEFINE_integer("rounds", 10, "Rounds a contestant.", lower_bound=1)
_OUTPUT = flags.DEFINE_string("output", "", "JSON file for the result.")


def _runtime(function: str, needs: tuple[str, ...] = (), **options) -> Contestant:
    return Contestant("contestants.serving_runtimes", function, options, needs)


_PIPELINE = "Hugging Face pipeline, PyTorch"
_PYTORCH_CODE = "PyTorch"
_PREDICTOR = {"Predictor.predict": _runtime("predictor")}
_RUNTIMES = {
    "savedmodel": {"SavedModel": _runtime("saved_model")},
    "onnx": {"ONNX Runtime": _runtime("export", name="onnx")},
    "litert": {
        f"LiteRT {variant}": _runtime("export", name="litert", variant=variant)
        for variant in ("float32", "int8")
    },
    "pytorch": {
        _PYTORCH_CODE: _runtime("export", name="pytorch"),
        _PIPELINE: _runtime("hugging_face_pipeline", ("torch", "transformers")),
    },
}


def measure(
    run_dir: Path,
    formats: Sequence[str],
    texts: int,
    rounds: int,
    data_dir: str = "",
    in_process: bool = False,
) -> dict[str, Any]:
    """Exports the student and times every text by itself.

    Args:
        run_dir: of a finished run.
        formats: exported and timed.
        texts: of a round.
        rounds: of each contestant.
        data_dir: the task's files, if they moved.
        in_process: without processes, to try things out.

    Raises:
        DistillError: there is no such run, it reads pairs, or it cannot be exported.
    """
    from distill_tf.predictor import Predictor

    predictor = Predictor.load(run_dir)
    if predictor.labels.is_pair:
        raise DistillError(
            f"{run_dir} reads pairs, but single texts are timed; give another run."
        )
    with tempfile.TemporaryDirectory() as folder:
        run = _exported(
            predictor, run_dir, Path(folder), formats, texts * rounds, data_dir
        )
        outcome = compare(
            _contestants(formats, Path(folder)),
            run,
            seconds=0.0,
            rounds=rounds,
            in_process=in_process,
            one_by_one=texts,
        )
    return {
        "run": run_dir.name,
        "parameters": predictor.model.num_parameters,
        "texts": len(run.texts),
        **_latencies(outcome.seconds[""]),
        "left_out": outcome.left_out,
    }


def _exported(predictor, run_dir, folder, formats, count, data_dir) -> ServedRun:
    from distill_tf.export import EXPORTERS
    from distill_tf.export.comparison_texts import dev_texts

    texts = dev_texts(run_dir, predictor.labels, count, data_dir)
    for name in formats:
        EXPORTERS[name].check(predictor)
    for name in formats:
        (folder / name).mkdir()
        EXPORTERS[name].export(predictor, folder / name)
    return ServedRun(
        run_dir=str(run_dir),
        exports=str(folder),
        labels=predictor.labels.names,
        texts=tuple(texts.examples.texts_a),
    )


def _contestants(formats: Sequence[str], exports: Path) -> dict[str, Contestant]:
    chosen = dict(_PREDICTOR)
    for name in formats:
        chosen |= _RUNTIMES[name]
    if "pytorch" in formats:
        config = json.loads((exports / "pytorch/config.json").read_text("utf-8"))
        is_bert = config["model_type"] == "bert"
        chosen.pop(_PYTORCH_CODE if is_bert else _PIPELINE)
    return chosen


def _latencies(seconds: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    latency = {
        name: {
            f"p{q}": round(1000 * float(np.percentile(values, q)), 3) for q in (50, 90)
        }
        for name, values in seconds.items()
    }
    medians = {name: each["p50"] for name, each in latency.items()}
    result = {"latency_ms": latency, "fastest": min(medians, key=medians.get)}
    if _PIPELINE in medians:
        result["times_faster_than_the_pipeline"] = {
            name: round(medians[_PIPELINE] / median, 2)
            for name, median in medians.items()
        }
    return result


def main(argv: list[str]) -> None:
    del argv
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from distill_tf.export.latency import ONE_THREAD

    # Child processes read it when they start.
    os.environ.update(ONE_THREAD)
    with mistakes_in_one_sentence("nothing was written"):
        result = measure(
            Path(_RUN_DIR.value),
            _FORMATS.value,
            _TEXTS.value,
            _ROUNDS.value,
            _DATA_DIR.value,
        )
        print(json.dumps(result, indent=2))
        if _OUTPUT.value:
            write_json_atomically(Path(_OUTPUT.value), result)


if __name__ == "__main__":
    app.run(main)
