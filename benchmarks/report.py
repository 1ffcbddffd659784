"""What was measured, as JSON and as a plot."""

import dataclasses
import importlib.metadata
import os
import platform
import statistics
from pathlib import Path
from typing import Any

from plot import plot
from settings import Settings
from taking_turns import Outcome
from workloads.workload import Case
from workloads.workload import Workload

from distill_tf.files import write_json_atomically

_LIBRARIES = (
    "tensorflow",
    "keras",
    "keras-hub",
    "torch",
    "transformers",
    "textbrewer",
)


def report(workload: Workload, settings: Settings, outcome: Outcome) -> dict[str, Any]:
    """The result of a workload, under names with units.

    `cases` holds by case `best_peer`, the fastest by median of those that the workload
    compares with, and by contestant the median, smallest and largest amount a second,
    and `to_best_peer`: the median over the rounds of how many times as fast as that
    one it was.
    """
    others = (name for name, each in workload.contestants.items() if each.is_peer)
    peers = workload.beside or tuple(others)
    return {
        "workload": workload.name,
        "what": workload.what,
        "unit": f"{workload.unit}_per_second",
        "cases": {
            name: _case(case, outcome.seconds[name], peers)
            for name, case in workload.cases(settings).items()
        },
        "peak_memory_megabytes": outcome.peak_megabytes,
        "left_out": outcome.left_out,
        "settings": dataclasses.asdict(settings),
        **machine_and_versions(),
    }


def machine_and_versions() -> dict[str, Any]:
    """Where a result is from."""
    return {
        "machine": {"processor": _processor(), "cores": os.cpu_count()},
        "versions": _versions(),
    }


def write(result: dict[str, Any], folder: Path) -> None:
    """<workload>.json and <workload>.png."""
    write_json_atomically(folder / f"{result['workload']}.json", result)
    plot(result, folder / f"{result['workload']}.png")


def _case(
    case: Case, seconds: dict[str, list[float]], peers: tuple[str, ...]
) -> dict[str, Any]:
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    best_peer = min(
        (name for name in peers if name in seconds), key=medians.get, default=None
    )
    return {
        "best_peer": best_peer,
        "contestants": {
            name: {
                "median": _rounded(case.amount / medians[name]),
                "min": _rounded(case.amount / max(values)),
                "max": _rounded(case.amount / min(values)),
                "to_best_peer": best_peer and _ratio(seconds[best_peer], values),
                **_flops(case, name),
            }
            for name, values in seconds.items()
        },
    }


def _flops(case: Case, contestant: str) -> dict[str, float]:
    flops = case.flops_of.get(contestant, case.flops)
    return {} if flops is None else {"flops_per_unit": flops / case.amount}


def _ratio(theirs: list[float], ours: list[float]) -> float:
    ratios = (other / mine for mine, other in zip(ours, theirs, strict=True))
    return round(statistics.median(ratios), 3)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.split(":")[1] for line in lines if line.startswith("model name"))
    return next(names, platform.processor()).strip()


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions
