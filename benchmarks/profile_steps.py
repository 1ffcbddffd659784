"""Where the time of a training step goes.

    python benchmarks/profile_steps.py
    python benchmarks/profile_steps.py --only=fine_tuning

Runs our own contestants of some workloads under TensorFlow's profiler, one operation
at a time so that their times add up, and writes profile.json. `python
benchmarks/tables.py` puts the one in docs/benchmarks/MACHINE into docs/performance.md.
"""

import dataclasses
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from absl import app
from absl import flags
from operations import seconds_by_category
from report import machine_and_versions
from settings import SMOKE
from settings import Settings
from workloads import workloads_in
from workloads.workload import BFLOAT16
from workloads.workload import FLOAT32
from workloads.workload import Workload

from distill_tf.command_line import mistakes_in_one_sentence
from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically
from distill_tf.precision import resolve_precision
from distill_tf.threads import set_threads

# Workloads, of each the first contestant and case.
PROFILED = (
    "fine_tuning",
    "tinybert_intermediate",
    "tinybert_prediction",
    "late_fusion",
    "bilstm",
)

_ONLY = flags.DEFINE_list("only", [], f"Of {', '.join(PROFILED)}.")
_PRECISION = flags.DEFINE_enum(
    "precision", "auto", ["auto", BFLOAT16, FLOAT32], "That the steps compute in."
)
_SMOKE = flags.DEFINE_boolean("smoke", False, "Tiny models.")
_PASSES = flags.DEFINE_integer("passes", 3, "Passes over the texts that are timed.")
_OUTPUT = flags.DEFINE_string("output_dir", "output/benchmarks", "For the result.")


def profile(
    names: Sequence[str], settings: Settings, passes: int, precision: str = BFLOAT16
) -> dict[str, Any]:
    """Microseconds an example, in all and by kind of operation.

    `operations` is scaled to `wall`, the time without the profiler, which slows a
    step down a little, as a shared machine's clock may; what is missing in its sum
    passes between operations, or in what XLA compiled, which the profiler does not see.

    Raises:
        DistillError: there is nothing of that name.
    """
    unknown = [name for name in names if name not in PROFILED]
    if unknown:
        raise DistillError(
            f"there is no profile of {unknown[0]!r}; choose from {', '.join(PROFILED)}."
        )
    workloads = workloads_in(precision)
    return {
        "unit": "microseconds_per_example",
        "profiles": {
            name: _profile(workloads[name], settings, passes) for name in names
        },
        "settings": dataclasses.asdict(settings),
        **machine_and_versions(),
    }


def _profile(workload: Workload, settings: Settings, passes: int) -> dict[str, Any]:
    name, contestant = next(iter(workload.contestants.items()))
    case_name, case = next(iter(workload.cases(settings).items()))
    run = contestant.build(settings)[case_name]
    run(1)  # Traces every shape of batch.
    wall = _seconds(run, passes)
    spent, profiled = seconds_by_category(lambda: run(passes))
    examples = passes * case.amount
    flops = case.flops_of.get(name, case.flops)
    scale = 1e6 / examples * wall / profiled
    return {
        "contestant": name,
        "wall": round(1e6 * wall / examples, 1),
        "operations": {
            kind: round(scale * seconds, 1) for kind, seconds in spent.items()
        },
        "flops_per_example": flops and flops / case.amount,
    }


def _seconds(run, passes: int) -> float:
    start = time.perf_counter()
    run(passes)
    return time.perf_counter() - start


def main(argv: list[str]) -> None:
    del argv
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with mistakes_in_one_sentence("nothing was written"):
        set_threads(0, 1)
        result = profile(
            _ONLY.value or PROFILED,
            SMOKE if _SMOKE.value else Settings(),
            _PASSES.value,
            resolve_precision(_PRECISION.value),
        )
        write_json_atomically(Path(_OUTPUT.value) / "profile.json", result)


if __name__ == "__main__":
    app.run(main)
