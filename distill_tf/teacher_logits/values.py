"""What a row says of its example, as logits."""

import re
from collections.abc import Callable
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.tasks import Task
from distill_tf.tasks.labels import class_parser
from distill_tf.tasks.labels import parse_score
from distill_tf.tasks.labels import spelled
from distill_tf.tasks.row import Row
from distill_tf.teacher_logits.records import Record

# Below this a probability counts as this one, so that no logit is infinite.
PROBABILITY_FLOOR = 1e-6
# Files have rounded numbers.
_SUM_TOLERANCE = 0.02

ValueReader = Callable[[Record], np.ndarray]


def value_reader(columns: Iterable[str], task: Task, path: Path) -> ValueReader:
    """How to read logits [C] from a row with these columns.

    Numbers are looked for first: `logits`, or `logits_0`, `logits_1` ..., or the same
    with `probabilities`; then `label`, a label of the task. The logit of a probability
    p is log(max(p, 1e-6)); a label counts as probability 1.

    Raises:
        DistillError: none of the columns is there, or numbers of both kinds are, or
            they are not as many as the task has classes.
    """
    columns = list(columns)
    kinds = {
        kind: found
        for kind in ("logits", "probabilities")
        if (found := _number_columns(kind, columns))
    }
    if len(kinds) > 1:
        raise DistillError(
            f"{path} has both logits and probabilities; leave one of them out."
        )
    if not kinds:
        if "label" not in columns:
            raise DistillError(
                f"{path} should have the column logits, probabilities or label, or "
                f"numbered ones such as logits_0, but has {', '.join(columns)}; rename "
                "or add them."
            )
        return _label_reader(task)
    ((kind, found),) = kinds.items()
    if kind == "probabilities" and task.is_regression:
        raise DistillError(
            f"{path} has probabilities, but task {task.name} is a regression; give the "
            "predicted numbers as logits or label."
        )
    expected = [f"{kind}_{i}" for i in range(task.num_classes)]
    if found != [kind] and found != expected:
        raise DistillError(
            f"{path} has the columns {', '.join(found)}, but task {task.name} needs "
            f"{', '.join(expected)}; give one column a class."
        )

    def read(record: Record) -> np.ndarray:
        numbers = _numbers(record, found, task)
        if kind == "logits":
            return numbers
        _check_probabilities(record, numbers)
        return np.log(np.maximum(numbers, PROBABILITY_FLOOR))

    return read


def _number_columns(kind: str, columns: list[str]) -> list[str]:
    if kind in columns:
        return [kind]
    numbered = (name for name in columns if re.fullmatch(rf"{kind}_\d+", name))
    return sorted(numbered, key=lambda name: int(name.rpartition("_")[2]))


def _numbers(record: Record, columns: list[str], task: Task) -> np.ndarray:
    values = [_get(record, column) for column in columns]
    if "_" not in columns[0]:
        (values,) = values
    try:
        numbers = np.asarray(values, np.float64).reshape(-1)
    except (OverflowError, TypeError, ValueError):
        raise DistillError(
            f"{record.where}: expected numbers under {columns[0]}, got {values!r}; "
            "mend the row."
        ) from None
    if len(numbers) != task.num_classes:
        raise DistillError(
            f"{record.where}: expected {task.num_classes} numbers "
            f"({', '.join(task.labels) or 'the score'}), got {len(numbers)}; mend the "
            "row."
        )
    if not np.isfinite(numbers).all():
        raise DistillError(
            f"{record.where}: expected finite numbers, got {numbers.tolist()}; mend "
            "the row."
        )
    return numbers


def _check_probabilities(record: Record, numbers: np.ndarray) -> None:
    if numbers.min() < 0 or abs(numbers.sum() - 1) > _SUM_TOLERANCE:
        raise DistillError(
            f"{record.where}: expected probabilities, which are 0 to 1 and sum up to "
            f"1, got {numbers.tolist()}; mend the row, or call the column logits."
        )


def _label_reader(task: Task) -> ValueReader:
    if task.is_regression:
        return lambda record: np.array([parse_score(_labelled(record))])
    parse = class_parser(task.labels, task.label_aliases)
    logits = np.log(np.maximum(np.eye(task.num_classes), PROBABILITY_FLOOR))
    return lambda record: logits[parse(_labelled(record))]


def _labelled(record: Record) -> Row:
    value = _get(record, "label")
    value = value.item() if isinstance(value, np.generic) else value
    return Row(Path(record.where), None, (), spelled(record.where, "label", value))


def _get(record: Record, column: str) -> object:
    value = record.values.get(column)
    if value is None:
        raise DistillError(
            f"{record.where}: expected {column}, found {', '.join(record.values)}; "
            "mend or remove the row."
        )
    return value
