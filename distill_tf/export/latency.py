"""How long one text takes, from text to logits, on one thread."""

import json
import os
import subprocess
import sys
from pathlib import Path

import distill_tf
from distill_tf.errors import DistillError
from distill_tf.evaluation.cost import Latency
from distill_tf.export.comparison_texts import ComparisonTexts

# The name under which `measure_latencies` takes a folder that `Predictor.save` wrote.
KERAS = "keras"
# The environment in which runtimes of all kinds start with one thread, on the CPU.
ONE_THREAD = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}


def measure_latencies(
    name: str, folder: Path, texts: ComparisonTexts
) -> dict[str, Latency]:
    """Times an export in a process of its own, one text a call.

    Runtimes read the number of threads when they start, so this process cannot change
    its own.

    Args:
        name: the format, or `KERAS`.
        folder: what the format's exporter opens.
        texts: taken in turn.

    Returns:
        For each variant of the export, milliseconds a call.

    Raises:
        DistillError: If the export cannot be opened there.
    """
    process = subprocess.run(
        [sys.executable, "-m", "distill_tf.export.latency_process", name, str(folder)],
        input=json.dumps(texts.columns),
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": _python_path()},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if process.returncode:
        said = process.stderr.strip().splitlines() or ["nothing was said"]
        raise DistillError(
            f"{folder} was written, but could not be opened in a process of its own "
            f"({said[-1]}); open it as its documentation says to see more."
        )
    # Some runtimes greet on stdout.
    measured = json.loads(process.stdout.splitlines()[-1])
    return {variant: Latency(**values) for variant, values in measured.items()}


def _python_path() -> str:
    """Finds this very package, installed or not."""
    places = [str(Path(distill_tf.__file__).parents[1])]
    return os.pathsep.join([*places, *filter(None, [os.environ.get("PYTHONPATH")])])
