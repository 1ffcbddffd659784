"""Times contestants that live in processes of their own and take turns.

A change in the machine's speed then meets all of them, and no library's threads or
memory touch another's.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from collections.abc import Mapping

# Builds a contestant from the settings: what it gives runs so many steps.
Build = Callable[[dict], Callable[[int], None]]


def compare(
    contestants: Mapping[str, Build], settings: dict, steps: int, rounds: int
) -> dict[str, list[float]]:
    """Seconds a step of each contestant, round by round, after one that warms it up.

    Args:
        contestants: name -> a function of a module that child processes can import.
        settings: what each of them gets.
        steps: steps a round.
        rounds: rounds a contestant.
    """
    context = multiprocessing.get_context("spawn")
    pipes, processes = {}, []
    for name, build in contestants.items():
        pipes[name], other = context.Pipe()
        process = context.Process(target=_serve, args=(build, settings, other))
        process.start()
        other.close()  # So that a contestant that dies ends the wait.
        processes.append(process)
        _timed(pipes[name], steps)
    seconds = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, pipe in pipes.items():
            seconds[name].append(_timed(pipe, steps) / steps)
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


def _serve(build: Build, settings: dict, pipe) -> None:
    """Builds a contestant, then runs as many steps as it is told, until None."""
    run = build(settings)
    while (steps := pipe.recv()) is not None:
        start = time.perf_counter()
        run(steps)
        pipe.send(time.perf_counter() - start)


def _timed(pipe, steps: int) -> float:
    pipe.send(steps)
    return pipe.recv()
