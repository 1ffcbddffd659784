"""Throughput beside other libraries, all in one run and taking turns.

    pip install torch && pip install -e ".[benchmark]"
    python benchmarks/run.py                        # everything, about two hours
    python benchmarks/run.py --only=fine_tuning,inference
    python benchmarks/run.py --smoke --output_dir=smoke   # does it all run?

Writes a JSON file and a plot a workload. Those in docs/benchmarks/MACHINE are put into
docs/performance.md by `python benchmarks/tables.py`.
"""

import dataclasses
import os
from pathlib import Path

from absl import app
from absl import flags
from measure import measure
from settings import SMOKE
from settings import Settings
from workloads import WORKLOADS
from workloads.workload import BFLOAT16
from workloads.workload import FLOAT32

from distill_tf.command_line import mistakes_in_one_sentence
from distill_tf.precision import resolve_precision

_ONLY = flags.DEFINE_list("only", [], f"Workloads: {', '.join(WORKLOADS)}.")
_LEAVE_OUT = flags.DEFINE_list(
    "leave_out", [], "Contestants with one of these in their names take no part."
)
_PRECISION = flags.DEFINE_enum(
    "precision",
    "auto",
    ["auto", BFLOAT16, FLOAT32],
    "Of all that float32 is not asked of; auto: float32 where the processor has no "
    "bfloat16.",
)
_SMOKE = flags.DEFINE_boolean("smoke", False, "Tiny models, one pass, no processes.")
_SECONDS = flags.DEFINE_float("seconds", None, "Seconds a round of a contestant.")
_ROUNDS = flags.DEFINE_integer("rounds", None, "Rounds a contestant.")
_OUTPUT = flags.DEFINE_string("output_dir", "output/benchmarks", "For results.")


def main(argv: list[str]) -> None:
    del argv
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    given = {"seconds": _SECONDS.value, "rounds": _ROUNDS.value}
    changes = {name: value for name, value in given.items() if value is not None}
    settings = dataclasses.replace(SMOKE if _SMOKE.value else Settings(), **changes)
    with mistakes_in_one_sentence("finished workloads are written"):
        measure(
            _ONLY.value or list(WORKLOADS),
            settings,
            Path(_OUTPUT.value),
            in_process=_SMOKE.value,
            leave_out=_LEAVE_OUT.value,
            precision=resolve_precision(_PRECISION.value),
        )


if __name__ == "__main__":
    app.run(main)
