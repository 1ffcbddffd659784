"""Which example a row speaks of."""

from collections.abc import Callable
from collections.abc import Iterable

from distill_tf.errors import DistillError
from distill_tf.tasks import Task
from distill_tf.tasks import text_key
from distill_tf.teacher_logits.records import Record

ROW = "row"
# A position in the train file, or the one or two texts.
Key = int | tuple[str, ...]


def key_reader(
    columns: Iterable[str], task: Task
) -> tuple[bool, Callable[[int, Record], Key]]:
    """How to tell which example a row with these columns speaks of.

    By `row`, if there is such a column; else by the texts, under `text` (`text_a` and
    `text_b`) or under the names that the task's own files have; else by the order.

    Returns:
        Whether texts are the keys; and a function of the row's position and the row.
    """
    columns = set(columns)
    if ROW in columns:
        return False, lambda position, record: _row(record)
    names = next(filter(columns.issuperset, _text_columns(task)), None)
    if names:
        return True, lambda position, record: _texts(record, names, task)
    return False, lambda position, record: position


def _text_columns(task: Task) -> list[tuple[str, ...]]:
    """The names that the texts may have, best first."""
    found = [("text_a", "text_b") if task.is_pair else ("text",)]
    for source in task.files.get("train", ()):
        names = getattr(source, "texts", ())
        if names and all(isinstance(name, str) for name in names):
            found.append(tuple(names))
    return found


def _row(record: Record) -> int:
    found = record.values.get(ROW)
    try:
        row = int(found)
    except (OverflowError, TypeError, ValueError):
        row = -1
    # A text such as "7" is a number here, and of floats the whole ones.
    if row < 0 or (not isinstance(found, str) and row != found):
        raise DistillError(
            f"{record.where}: expected under {ROW} a position in the train file, "
            f"counted from 0, got {found!r}; mend the row."
        )
    return row


def _texts(record: Record, names: tuple[str, ...], task: Task) -> tuple[str, ...]:
    texts = [record.values.get(name) for name in names]
    for name, text in zip(names, texts, strict=True):
        if not isinstance(text, str):
            raise DistillError(
                f"{record.where}: expected a text under {name}, got {text!r}; mend the "
                "row."
            )
    return text_key(task.clean(text) for text in texts)
