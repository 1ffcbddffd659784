"""Times contestants that live in processes of their own and take turns.

A change in the machine's speed then meets all of them, and no library's threads or
memory touch another's.
"""

import json
import multiprocessing
import statistics
import time
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path

# Builds a contestant from the settings: what it gives runs so many steps.
Build = Callable[[dict], Callable[[int], None]]


def compare(
    contestants: Mapping[str, Build],
    settings: dict,
    steps: int,
    rounds: int,
    one_by_one: bool = False,
) -> dict[str, list[float]]:
    """Seconds a step of each contestant, round by round, after one that warms it up.

    Args:
        contestants: name -> a function of a module that child processes can import.
        settings: what each of them gets.
        steps: steps a round.
        rounds: rounds a contestant.
        one_by_one: time each step by itself, which gives `rounds * steps` values, and
            not a round as a whole.
    """
    sizes = [1] * steps if one_by_one else [steps]
    context = multiprocessing.get_context("spawn")
    pipes, processes = {}, []
    for name, build in contestants.items():
        pipes[name], other = context.Pipe()
        process = context.Process(target=_serve, args=(build, settings, other))
        process.start()
        other.close()  # So that a contestant that dies ends the wait.
        processes.append(process)
        _timed(pipes[name], sizes)
    seconds = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, pipe in pipes.items():
            seconds[name] += _timed(pipe, sizes)
    for pipe, process in zip(pipes.values(), processes, strict=True):
        pipe.send(None)
        process.join()
    return seconds


def summary(values: list[float], digits: int = 1) -> dict[str, float]:
    """Median, smallest and largest."""
    return {
        "median": round(statistics.median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
    }


def publish(result: dict, output: str) -> None:
    """Shows a result, and writes it as JSON where `output` names a file."""
    text = json.dumps(result, indent=2)
    print(text)
    if output:
        Path(output).write_text(text + "\n", "utf-8")


def _serve(build: Build, settings: dict, pipe) -> None:
    """Builds a contestant, then runs as many steps as it is told, until None."""
    run = build(settings)
    while (sizes := pipe.recv()) is not None:
        pipe.send([_seconds_a_step(run, steps) for steps in sizes])


def _seconds_a_step(run: Callable[[int], None], steps: int) -> float:
    start = time.perf_counter()
    run(steps)
    return (time.perf_counter() - start) / steps


def _timed(pipe, sizes: list[int]) -> list[float]:
    pipe.send(sizes)
    return pipe.recv()
