"""The task that settings name or describe."""

from distill_tf.config.task import TaskOptions
from distill_tf.tasks.registry import canonical_name
from distill_tf.tasks.registry import get_task
from distill_tf.tasks.task import Task

DEFAULT_TASK = "sample"


def task_name_of(options: TaskOptions) -> str:
    """The name under which the registry has the task.

    Raises:
        DistillError: no such task.
    """
    return canonical_name(options.task_name or DEFAULT_TASK)


def build_task(options: TaskOptions) -> Task:
    """The task that the options name, or describe for task_name=custom.

    Raises:
        DistillError: no such task, or a description that contradicts itself.
    """
    return get_task(
        options.task_name or DEFAULT_TASK,
        data_dir=options.data_dir or None,
        text_columns=_listed(options.text_columns),
        label_column=options.label_column or None,
        labels=_listed(options.labels),
        metrics=_listed(options.metrics),
        regression=options.regression,
    )


def _listed(text: str) -> list[str] | None:
    return [part.strip() for part in text.split(",")] if text else None
