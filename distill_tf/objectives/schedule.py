"""Numbers that change while a stage trains: weights and temperatures."""

import dataclasses
import itertools
from dataclasses import dataclass
from functools import partial
from typing import Any
from typing import TypeVar

from keras import ops

Data = TypeVar("Data")


@dataclass(frozen=True)
class Schedule:
    """A number as a function of progress, straight from point to point.

    Progress is the share of the stage's steps that are done, 0 to 1. Before the first
    point and after the last one the value stays as it is there.

    Attributes:
        points: (progress, value) pairs in ascending order of progress.
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self):
        moments = [progress for progress, _ in self.points]
        ascending = all(a < b for a, b in itertools.pairwise(moments))
        if not moments or not ascending or moments[0] < 0 or moments[-1] > 1:
            raise ValueError(
                "points must be (progress, value) pairs with progress rising from 0 to "
                f"1 at most, but are {self.points}"
            )

    def __call__(self, progress: Any) -> Any:
        """The value, float32, at a progress that may be a tensor."""
        progress = ops.cast(progress, "float32")
        value = self.points[0][1] + 0.0 * progress
        for (start, low), (end, high) in itertools.pairwise(self.points):
            done = ops.clip((progress - start) / (end - start), 0.0, 1.0)
            value += (high - low) * done
        return value

    def __format__(self, spec: str) -> str:
        """As a number is formatted: "0@0,1@0.2" is 0 at first and 1 from a fifth on."""
        return ",".join(f"{v:{spec}}@{progress:g}" for progress, v in self.points)


def linear_decay(start: float, end: float = 0.0) -> Schedule:
    """From `start` to `end` over the whole stage."""
    return Schedule(((0.0, start), (1.0, end)))


def warm_up(value: float, share: float, start: float = 0.0) -> Schedule:
    """From `start` to `value` over a share of the stage, above 0 and at most 1."""
    return Schedule(((0.0, start), (share, value)))


def at_progress(data: Data, progress: Any) -> Data:
    """A dataclass with each of its schedules replaced by its value.

    A schedule is found as a field, such as an objective's weight, or as a keyword of a
    field that is a `functools.partial`, such as the temperature of a loss.

    Args:
        data: an instance of a dataclass; without a schedule it is given back as it is.
        progress: 0 to 1, perhaps a tensor.
    """
    changes = {}
    for field in dataclasses.fields(data):
        value = getattr(data, field.name)
        if isinstance(value, Schedule):
            changes[field.name] = value(progress)
        elif isinstance(value, partial):
            keywords = {
                name: keyword(progress)
                for name, keyword in value.keywords.items()
                if isinstance(keyword, Schedule)
            }
            if keywords:
                changes[field.name] = partial(value, **keywords)
    return dataclasses.replace(data, **changes) if changes else data
