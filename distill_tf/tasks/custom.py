"""A user's own task: tsv, csv or jsonl files with named columns."""

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from distill_tf.errors import DistillError
from distill_tf.tasks.delimited import DelimitedFile
from distill_tf.tasks.json_lines import JsonLinesFile
from distill_tf.tasks.row import Row
from distill_tf.tasks.source import Source
from distill_tf.tasks.task import CLASSIFICATION_METRICS
from distill_tf.tasks.task import REGRESSION_METRICS
from distill_tf.tasks.task import Task

# More classes than this were hardly meant; the label column is likely wrong.
MOST_COLLECTED_LABELS = 1000

_STEMS = {
    "train": ("train",),
    "train_aug": ("train_aug",),
    "unlabelled": ("unlabelled",),
    "dev": ("dev", "valid", "validation", "val"),
    "test": ("test",),
}


def custom_task(
    name: str,
    text_columns: Sequence[str],
    label_column: str,
    labels: Sequence[str] | None = None,
    metrics: Sequence[str] | None = None,
    regression: bool = False,
    data_dir: str | Path | None = None,
) -> Task:
    """Describe a user's own files as a task.

    The folder holds train, dev (or valid, validation, val), and where wanted test,
    unlabelled and train_aug, which need no labels, each as .tsv, .csv or .jsonl.
    Tables have a header line. In a .csv quotes enclose fields; in a .tsv they are
    ordinary characters, so a text with tabs or line breaks needs csv or jsonl. A
    dotted name reaches into nested JSON objects ("label.cls").

    Args:
        name: what to call the task.
        text_columns: one or two column names.
        label_column: column with the label, or with the score for regression.
        labels: labels in class order; None collects them from the train file,
            sorted, as numbers where all are integers.
        metrics: names, the first one selects the best weights; None takes accuracy
            (and F1 for two classes), or Pearson and Spearman for regression.
        regression: whether labels are scores.
        data_dir: where the train file is, needed to collect labels.

    Raises:
        DistillError: a wrong number of columns, labels or metrics, or a train file
            from which labels cannot be collected, say for a blank one.
    """
    _check_columns(text_columns, label_column)
    files = {
        split: _sources(stems, tuple(text_columns), label_column)
        for split, stems in _STEMS.items()
    }
    if regression:
        if labels:
            raise DistillError("a regression task has scores; leave out --labels")
        class_labels: tuple[str, ...] = ()
    elif labels:
        class_labels = _check_labels(labels)
    else:
        class_labels = _collect_labels(files["train"], data_dir)
    return Task(
        name=name,
        labels=class_labels,
        is_pair=len(text_columns) == 2,
        metrics=_check_metrics(metrics, class_labels),
        files=files,
    )


def _sources(
    stems: tuple[str, ...], texts: tuple[str, ...], label: str
) -> tuple[Source, ...]:
    def names(extension: str) -> tuple[str, ...]:
        return tuple(f"{stem}.{extension}" for stem in stems)

    return (
        DelimitedFile(names("tsv"), texts, label),
        DelimitedFile(names("csv"), texts, label, delimiter=",", quoted=True),
        JsonLinesFile(names("jsonl"), texts, label),
    )


def _check_columns(text_columns: Sequence[str], label_column: str) -> None:
    if isinstance(text_columns, str):
        raise TypeError("text_columns must be a sequence of names, got one string")
    if len(text_columns) not in (1, 2):
        raise DistillError(
            f"expected one or two text columns, got {len(text_columns)} "
            f"({', '.join(text_columns)}); mend --text_columns"
        )
    if not label_column:
        raise DistillError("expected the name of the label column; give --label_column")
    if len({*text_columns, label_column}) != len(text_columns) + 1:
        raise DistillError(
            "expected different columns, got "
            f"{', '.join([*text_columns, label_column])}; mend --text_columns or "
            "--label_column"
        )


def _check_labels(labels: Sequence[str]) -> tuple[str, ...]:
    if len(labels) < 2 or len(set(labels)) != len(labels) or not all(labels):
        raise DistillError(
            "expected at least two different labels, none of them blank, got "
            f"{', '.join(map(repr, labels))}; mend --labels"
        )
    return tuple(labels)


def _check_metrics(
    metrics: Sequence[str] | None, labels: tuple[str, ...]
) -> tuple[str, ...]:
    fitting = CLASSIFICATION_METRICS if labels else REGRESSION_METRICS
    if not metrics:
        if not labels:
            return fitting
        return ("accuracy", "f1") if len(labels) == 2 else ("accuracy",)
    if not set(metrics) <= set(fitting):
        raise DistillError(
            f"expected metrics among {', '.join(fitting)}, got {', '.join(metrics)}; "
            "mend --metrics"
        )
    return tuple(metrics)


def _collect_labels(
    sources: tuple[Source, ...], data_dir: str | Path | None
) -> tuple[str, ...]:
    """The distinct labels of the train file, sorted."""
    if data_dir is None:
        raise DistillError("a custom task needs --data_dir, the folder of its files")
    folder = Path(data_dir)
    found = ((source, source.find(folder)) for source in sources)
    source, path = next((pair for pair in found if pair[1]), (None, None))
    if path is None:
        raise DistillError(
            f"{folder}: expected train.tsv, train.csv or train.jsonl to collect the "
            "labels from, found none; add the file, mend --data_dir or give --labels"
        )
    labels = {_present_label(row) for row in source.rows(path)}
    if not 2 <= len(labels) <= MOST_COLLECTED_LABELS:
        raise DistillError(
            f"{path}: expected 2 to {MOST_COLLECTED_LABELS} different labels in the "
            f"label column, found {len(labels)}; mend --label_column, or give "
            "--regression for scores"
        )
    return tuple(sorted(labels, key=_sort_key(labels)))


def _present_label(row: Row) -> str:
    """The label of a row, which a blank cell is not."""
    label = row.label.strip()
    if not label:
        raise DistillError(
            f"{row.place}: expected a label, got a blank one; give the row its label, "
            f"or move it to a file unlabelled{row.path.suffix}"
        )
    return label


def _sort_key(labels: set[str]) -> Callable[[str], Any]:
    try:
        for label in labels:
            int(label)
    except ValueError:
        return str
    # "1" and "01" are equal as numbers, and a set has no order.
    return lambda label: (int(label), label)
