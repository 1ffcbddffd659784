"""All tasks by name."""

from collections.abc import Sequence
from pathlib import Path

from distill_tf.errors import DistillError
from distill_tf.tasks.custom import custom_task
from distill_tf.tasks.glue import GLUE_TASKS
from distill_tf.tasks.reviews import CHNSENTICORP
from distill_tf.tasks.reviews import IMDB
from distill_tf.tasks.sample import SAMPLE
from distill_tf.tasks.sample import SAMPLE_PAIR
from distill_tf.tasks.superglue import BOOLQ
from distill_tf.tasks.task import Task

CUSTOM = "custom"

_TASKS = {
    task.name: task
    for task in (*GLUE_TASKS, BOOLQ, IMDB, CHNSENTICORP, SAMPLE, SAMPLE_PAIR)
}
TASK_NAMES = (*_TASKS, CUSTOM)


def get_task(
    name: str,
    *,
    data_dir: str | Path | None = None,
    text_columns: Sequence[str] | None = None,
    label_column: str | None = None,
    labels: Sequence[str] | None = None,
    metrics: Sequence[str] | None = None,
    regression: bool = False,
) -> Task:
    """Look up a task by name; everything but the name describes the custom task.

    Args:
        name: one of `TASK_NAMES`, in upper or lower case, with or without dashes and
            underscores ("SST-2", "sst2").
        data_dir: where a custom task's train file is, if its labels are to be
            collected from it; ignored for the others.
        text_columns: see `custom_task`, like all that follow.
        label_column: likewise.
        labels: likewise.
        metrics: likewise.
        regression: likewise.

    Raises:
        DistillError: no such task, or columns given for a task that knows its own.
    """
    canonical = canonical_name(name)
    if canonical == CUSTOM:
        return custom_task(
            CUSTOM,
            text_columns or (),
            label_column or "",
            labels=labels,
            metrics=metrics,
            regression=regression,
            data_dir=data_dir,
        )
    if text_columns or label_column or labels or metrics or regression:
        raise DistillError(
            f"task {canonical} knows its columns, labels and metrics; leave their "
            "flags out or use --task_name=custom"
        )
    return _TASKS[canonical]


def canonical_name(name: str) -> str:
    """The one of `TASK_NAMES` that a name in any spelling means.

    Raises:
        DistillError: no such task.
    """
    names = {_normalize(known): known for known in TASK_NAMES}
    canonical = names.get(_normalize(name))
    if canonical is None:
        raise DistillError(
            f"no task named {name!r}; --task_name must be one of "
            f"{', '.join(TASK_NAMES)}"
        )
    return canonical


def _normalize(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
