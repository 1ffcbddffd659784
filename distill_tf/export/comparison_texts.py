"""The texts on which an export is compared with the Keras model."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from itertools import islice
from pathlib import Path

from absl import logging

from distill_tf.config.options import CONFIG_FILE
from distill_tf.config.task import TaskOptions
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.tasks import Examples
from distill_tf.tasks import build_task
from distill_tf.tasks import sample_pair_task
from distill_tf.tasks import sample_task
from distill_tf.tasks.text_file import open_text


@dataclass(frozen=True)
class ComparisonTexts:
    """Examples, and what is known about them.

    Attributes:
        examples: texts, for pairs with their partners, perhaps with labels.
        source: where they come from, for the report.
        metrics: names of the task's metrics; empty where labels are unknown.
    """

    examples: Examples
    source: str
    metrics: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Sequence[str], Sequence[str] | None]:
        """The arguments of `Predictor.logits`."""
        return self.examples.texts_a, self.examples.texts_b


def texts_of_run(
    run_folder: Path, labels: LabelSet, count: int | None, data_dir: str = ""
) -> ComparisonTexts:
    """Dev examples where they can be found, else generated texts.

    The arguments are those of `dev_texts`.

    Raises:
        DistillError: If `data_dir` is given and does not hold them.
    """
    try:
        return dev_texts(run_folder, labels, count, data_dir)
    except DistillError as error:
        if data_dir:
            raise
        logging.warning("Exports are compared on generated texts: %s", error)
        return sample_texts(labels.is_pair, count)


def dev_texts(
    run_folder: Path, labels: LabelSet, count: int | None, data_dir: str = ""
) -> ComparisonTexts:
    """The first dev examples of the task that a run was trained on.

    Args:
        run_folder: has the run's configuration, which names the task.
        labels: those of the run's model.
        count: how many examples; None for all.
        data_dir: where the task's files are now; by default where they were.

    Raises:
        DistillError: If there is no such task or data, or its labels are others.
    """
    options = _task_options(run_folder / CONFIG_FILE)
    if data_dir:
        options = options.replace(data_dir=data_dir)
    task, folder = build_task(options), options.data_dir or None
    if (tuple(task.labels), task.is_pair) != (labels.names, labels.is_pair):
        raise DistillError(
            f"task {task.name} has other labels or columns than the model in "
            f"{run_folder}; give its data by --data_dir."
        )
    split = task.available_dev_splits(folder)[0]
    examples = task.load(folder, split, count)
    source = f"the {split} set of {task.name}"
    return ComparisonTexts(examples, source, task.metrics)


def _task_options(path: Path) -> TaskOptions:
    """The part of a run's configuration that every kind of run has."""
    try:
        values = json.loads(path.read_text("utf-8"))
        names = {field.name for field in fields(TaskOptions)} & values.keys()
    except (OSError, ValueError, AttributeError) as error:
        raise DistillError(
            f"{path} should be a saved run configuration, but cannot be read "
            f"({error}); restore the file."
        ) from error
    return TaskOptions.from_dict({name: values[name] for name in names}, str(path))


def sample_texts(is_pair: bool, count: int | None) -> ComparisonTexts:
    """Generated texts, for a model whose own data is not at hand.

    They show whether two runtimes agree, and nothing about quality.
    """
    task = sample_pair_task() if is_pair else sample_task()
    examples = task.load(None, "dev", count)
    return ComparisonTexts(examples, "generated sample texts")


def given_texts(
    texts: Sequence[str], texts_b: Sequence[str] | None = None
) -> ComparisonTexts:
    """The user's own texts, or pairs."""
    return ComparisonTexts(Examples(texts, texts_b), "the texts given")


def load_texts(path: Path, is_pair: bool, count: int | None) -> ComparisonTexts:
    """Reads a file with one text a line, or two with a tab between them.

    Raises:
        DistillError: If the file cannot be read, is empty, or a line of pairs has not
            exactly one tab.
    """
    with open_text(path) as file:
        lines = [line.rstrip("\r\n") for line in islice(file, count)]
    if not lines:
        raise DistillError(f"{path} should hold one text a line, but is empty.")
    if not is_pair:
        return given_texts(lines)
    rows = [line.split("\t") for line in lines]
    for number, row in enumerate(rows, 1):
        if len(row) != 2:
            raise DistillError(
                f"{path}:{number}: expected two texts with a tab between them, since "
                f"the model reads pairs, but found {len(row)}; correct the line."
            )
    return given_texts(*map(list, zip(*rows, strict=True)))
