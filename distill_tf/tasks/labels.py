"""From the label texts of a file to class indices or scores."""

import json
import math
from collections.abc import Callable
from collections.abc import Mapping

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.tasks.row import Row

LabelParser = Callable[[Row], int | float]


def class_parser(labels: tuple[str, ...], aliases: Mapping[str, str]) -> LabelParser:
    """A function that turns the label of a row into its class index.

    Args:
        labels: the labels in class order.
        aliases: other spellings, each with the label it stands for.

    Returns:
        A function that raises DistillError for a label it does not know.
    """
    indices = {label: index for index, label in enumerate(labels)}
    indices |= {alias: indices[label] for alias, label in aliases.items()}

    def parse(row: Row) -> int:
        index = indices.get(row.label.strip())
        if index is None:
            raise DistillError(
                f"{row.place}: unknown label {row.label!r}, expected one of "
                f"{', '.join(map(repr, indices))}; mend the line"
            )
        return index

    return parse


def parse_score(row: Row) -> float:
    """The label of a row as a finite number.

    Raises:
        DistillError: it is not one.
    """
    try:
        score = float(row.label)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise DistillError(
            f"{row.place}: expected a number as score, got {row.label!r}; mend the line"
        )
    return score


def as_array(values: list[int] | list[float], is_regression: bool) -> np.ndarray:
    """[n] labels in the data type `Examples` wants."""
    return np.asarray(values, np.float32 if is_regression else np.int32)


def spelled(where: str, key: str, value: object) -> str:
    """A label as a task's labels are spelled.

    Args:
        where: the line, for the message.
        key: likewise.
        value: a string, number or boolean.

    Raises:
        DistillError: it is something else.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        # Writers that hold integers in float columns turn class 1 into 1.0.
        return str(int(value))
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    raise DistillError(
        f"{where}: expected a string, number or boolean under {key!r}, got "
        f"{value!r}; mend the line"
    )
