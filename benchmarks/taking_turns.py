"""Times contestants that live in processes of their own and take turns.

A change in the machine's speed then meets all of them, and no library's threads or
memory touch another's.
"""

import importlib
import importlib.util
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

# Options that hold for all that a process computes.
_SET_ONCE = {"num_threads", "inter_op_threads", "batch_parts", "undone"}

# Case -> a function that does so many passes.
Runs = Mapping[str, Callable[[int], None]]


@dataclass(frozen=True)
class Contestant:
    """Who takes part.

    Attributes:
        module: where its function is; imported in its own process only.
        function: makes its runs from the settings and the options.
        options: for the function.
        needs: modules without which it stays out; of our own ones there are none.
    """

    module: str
    function: str
    options: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()

    def build(self, settings: Any) -> Runs:
        function = getattr(importlib.import_module(self.module), self.function)
        return function(settings, **self.options)

    @property
    def own_process(self) -> bool:
        """Whether it sets what holds for a whole process."""
        return not self.options.keys().isdisjoint(_SET_ONCE)

    @property
    def is_peer(self) -> bool:
        return bool(self.needs)

    def missing(self) -> list[str]:
        return [name for name in self.needs if importlib.util.find_spec(name) is None]


@dataclass
class Outcome:
    """What was measured.

    Attributes:
        seconds: case -> contestant -> seconds a pass, round by round.
        peak_megabytes: contestant -> the most memory that its process held.
        left_out: contestant -> why it did not take part.
    """

    seconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    peak_megabytes: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def leave_out(self, name: str, why: str) -> None:
        """Drops what was measured of a contestant that did not reach the end."""
        self.left_out[name] = why
        for values in self.seconds.values():
            values.pop(name, None)


class ContestantError(Exception):
    """A contestant could not be built or failed in a pass."""


def compare(
    contestants: Mapping[str, Contestant],
    settings: Any,
    seconds: float,
    rounds: int,
    in_process: bool = False,
    one_by_one: int = 0,
) -> Outcome:
    """Seconds a pass of each contestant, round by round.

    Each does one pass that counts for nothing, one that tells how many make up a round,
    and then its rounds, contestant by contestant and case by case in turn. A peer that
    cannot start, or fails later, is left out, with the reason.

    Args:
        contestants: by name.
        settings: what each of them gets.
        seconds: about how long a round of one contestant takes; at least one pass.
        rounds: rounds a contestant and case.
        in_process: without processes, to try things out.
        one_by_one: passes of a round that are each timed by itself, giving so many
            values; by default as many as `seconds` take are timed together.
    """
    outcome = Outcome()
    runners, passes = {}, {}
    try:
        for name, contestant in contestants.items():
            if missing := contestant.missing():
                outcome.left_out[name] = f"{', '.join(missing)} is not installed"
                continue
            if in_process and contestant.own_process:
                outcome.left_out[name] = "it needs a process of its own"
                continue
            runner = (_InProcess if in_process else _Process)(contestant, settings)
            try:
                passes[name] = _warm_up(runner, seconds)
            except ContestantError as error:
                runner.end()
                if not contestant.is_peer:
                    raise
                outcome.left_out[name] = str(error)
                continue
            runners[name] = runner
        for _ in range(rounds):
            for name in list(runners):
                try:
                    spent = _round(runners[name], passes[name], one_by_one)
                except ContestantError as error:
                    if not contestants[name].is_peer:
                        raise
                    runners.pop(name).end()
                    outcome.leave_out(name, str(error))
                    continue
                for case, seconds in spent.items():
                    values = outcome.seconds.setdefault(case, {})
                    values.setdefault(name, []).extend(seconds)
        for name, runner in runners.items():
            outcome.peak_megabytes[name] = runner.peak_megabytes()
    finally:
        for runner in runners.values():
            runner.end()
    return outcome


def _round(
    runner, passes: Mapping[str, int], one_by_one: int
) -> dict[str, list[float]]:
    """Seconds a pass, by case."""
    if one_by_one:
        return {case: runner.each_timed(case, one_by_one) for case in passes}
    return {case: [runner.timed(case, count) / count] for case, count in passes.items()}


def _warm_up(runner, seconds: float) -> dict[str, int]:
    """Passes a round, by case."""
    passes = {}
    for case in runner.cases():
        runner.timed(case, 1)
        passes[case] = max(1, round(seconds / runner.timed(case, 1)))
    return passes


class _InProcess:
    def __init__(self, contestant: Contestant, settings: Any):
        self._runs = contestant.build(settings)

    def cases(self) -> list[str]:
        return list(self._runs)

    def timed(self, case: str, passes: int) -> float:
        start = time.perf_counter()
        self._runs[case](passes)
        return time.perf_counter() - start

    def each_timed(self, case: str, passes: int) -> list[float]:
        return [self.timed(case, 1) for _ in range(passes)]

    def peak_megabytes(self) -> int:
        # Kilobytes on Linux, bytes on macOS.
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit

    def end(self) -> None:
        pass


class _Process:
    """An `_InProcess` in a child process, asked over a pipe."""

    def __init__(self, contestant: Contestant, settings: Any):
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(contestant, settings, other)
        )
        self._process.start()
        other.close()  # So that a contestant that dies ends the wait.

    def cases(self) -> list[str]:
        return self._ask("cases")

    def timed(self, case: str, passes: int) -> float:
        return self._ask("timed", case, passes)

    def each_timed(self, case: str, passes: int) -> list[float]:
        return self._ask("each_timed", case, passes)

    def peak_megabytes(self) -> int:
        return self._ask("peak_megabytes")

    def end(self) -> None:
        self._pipe.close()
        self._process.join()

    def _ask(self, *question):
        try:
            self._pipe.send(question)
            error, answer = self._pipe.recv()
        except (EOFError, OSError) as died:
            raise ContestantError("its process ended") from died
        if error:
            raise ContestantError(error)
        return answer


def _serve(contestant: Contestant, settings: Any, pipe) -> None:
    """Answers questions until the other side closes the pipe."""
    runner = None
    while True:
        try:
            method, *arguments = pipe.recv()
        except EOFError:
            return
        try:
            runner = runner or _InProcess(contestant, settings)
            pipe.send((None, getattr(runner, method)(*arguments)))
        except Exception as error:  # Of any library: it travels as a sentence.
            pipe.send((f"{type(error).__name__}: {error}", None))
