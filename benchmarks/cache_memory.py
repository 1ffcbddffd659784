"""Peak memory while a teacher's outputs are written to disk, by the amount of text.

    python benchmarks/cache_memory.py && python benchmarks/tables.py

What TinyBERT's first stage reads of a teacher of 6 x 384, on texts as long as SST-2's,
each amount in a process of its own. The peak is the whole process's, models included.
"""

import dataclasses
import multiprocessing
import os
import resource
import tempfile
from pathlib import Path
from typing import Any

from absl import app
from report import machine_and_versions
from settings import Settings
from workloads.workload import BFLOAT16

from distill_tf.files import write_json_atomically

RESULT = Path(__file__).parents[1] / "docs/benchmarks/cache_memory.json"
EXAMPLES = (2_000, 8_000, 32_000)


def measure(settings: Settings, examples: tuple[int, ...]) -> dict[str, Any]:
    """Megabytes on disk and in memory by the number of texts."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        rows = pool.starmap(
            _build, [(settings, count) for count in examples], chunksize=1
        )
    return {"rows": rows, **machine_and_versions()}


def _build(settings: Settings, examples: int) -> dict[str, int]:
    # Imported here, since only this process holds a model.
    from contestants.distill_tf_bert import tinybert

    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        changed = dataclasses.replace(settings, examples=examples)
        tinybert(changed, BFLOAT16, "intermediate", on_disk=True)
        written = sum(file.stat().st_size for file in Path(folder).rglob("*.arrow"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "examples": examples,
        "megabytes_on_disk": round(written / 1e6),
        "peak_megabytes": round(peak / 1024),
    }


def main(argv: list[str]) -> None:
    del argv
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    write_json_atomically(RESULT, measure(Settings(), EXAMPLES))


if __name__ == "__main__":
    app.run(main)
