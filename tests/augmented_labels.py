"""The labels in a train_aug file, which `Task.load` leaves unread."""

from pathlib import Path

from distill_tf.tasks import AUGMENTED
from distill_tf.tasks import Task


def labels_in_file(task: Task, folder: str | Path) -> list[str]:
    """As they are written, a row each."""
    found = ((each, each.find(Path(folder))) for each in task.files[AUGMENTED])
    source, path = next(pair for pair in found if pair[1])
    return [row.label for row in source.rows(path)]
