"""Measures workloads, one after the other."""

from pathlib import Path

from report import report
from report import write
from settings import Settings
from taking_turns import compare
from workloads import WORKLOADS

from distill_tf.errors import DistillError


def measure(
    names: list[str], settings: Settings, output_dir: Path, in_process: bool = False
) -> None:
    """Writes each workload's result as soon as it is there.

    Args:
        names: of the workloads.
        settings: sizes and durations.
        output_dir: for a JSON file and a plot each.
        in_process: without processes, to try things out.

    Raises:
        DistillError: there is no such workload.
    """
    unknown = [name for name in names if name not in WORKLOADS]
    if unknown:
        raise DistillError(
            f"there is no workload {unknown[0]!r}; choose from {', '.join(WORKLOADS)}."
        )
    output_dir.mkdir(parents=True, exist_ok=True)
    for name in names:
        workload = WORKLOADS[name]
        print(f"{name}: {workload.what}", flush=True)
        outcome = compare(
            workload.contestants,
            settings,
            settings.seconds,
            settings.rounds,
            in_process,
        )
        write(report(workload, settings, outcome), output_dir)
