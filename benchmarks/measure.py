"""Measures workloads, one after the other."""

from collections.abc import Sequence
from pathlib import Path

from report import report
from report import write
from settings import Settings
from taking_turns import Contestant
from taking_turns import compare
from workloads import workloads_in
from workloads.workload import BFLOAT16
from workloads.workload import Workload

from distill_tf.errors import DistillError


def measure(
    names: list[str],
    settings: Settings,
    output_dir: Path,
    in_process: bool = False,
    leave_out: Sequence[str] = (),
    precision: str = BFLOAT16,
) -> None:
    """Writes each workload's result as soon as it is there.

    Args:
        names: of the workloads.
        settings: sizes and durations.
        output_dir: for a JSON file and a plot each.
        in_process: without processes, to try things out.
        leave_out: parts of the names of contestants that take no part.
        precision: of those that float32 is not asked of; a dtype policy.

    Raises:
        DistillError: there is no such workload, or nobody is left in one.
    """
    workloads = workloads_in(precision)
    unknown = [name for name in names if name not in workloads]
    if unknown:
        raise DistillError(
            f"there is no workload {unknown[0]!r}; choose from {', '.join(workloads)}."
        )
    taking_part = {name: _taking_part(workloads[name], leave_out) for name in names}
    output_dir.mkdir(parents=True, exist_ok=True)
    for name in names:
        workload = workloads[name]
        print(f"{name}: {workload.what}", flush=True)
        outcome = compare(
            taking_part[name],
            settings,
            settings.seconds,
            settings.rounds,
            in_process,
        )
        for contestant in workload.contestants:
            if contestant not in taking_part[name]:
                outcome.left_out[contestant] = "not asked for"
        write(report(workload, settings, outcome), output_dir)


def _taking_part(workload: Workload, leave_out: Sequence[str]) -> dict[str, Contestant]:
    """The contestants of a workload whose names have none of these parts."""
    left = {
        contestant: each
        for contestant, each in workload.contestants.items()
        if not any(part in contestant for part in leave_out)
    }
    if not left:
        raise DistillError(
            f"leave_out={','.join(leave_out)} leaves no contestant in {workload.name}; "
            "leave out fewer."
        )
    return left
