"""The end of a run: the saved model's numbers, and its predictions."""

import csv
from pathlib import Path
from typing import Any

from absl import logging
from scipy.special import softmax

from distill_tf.files import atomic_path
from distill_tf.pipeline.evaluate import cost
from distill_tf.pipeline.evaluate import quality
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.versions import versions
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples


def evaluate_model(
    predictor: Predictor, data: TaskData, batch_size: int
) -> dict[str, Any]:
    """Quality on the dev sets, and cost."""
    dev_sets = data.dev_sets(predictor.encoder)
    return {
        **quality(predictor, dev_sets, data.task.metrics, batch_size),
        **cost(predictor, dev_sets[0], batch_size),
    }


def describe_run(folder: RunFolder, data: TaskData) -> dict[str, Any]:
    """What produced a result: task, seed, configuration, versions."""
    return {
        "task": data.task.name,
        "seed": folder.config.seed,
        "config": folder.config.to_dict(),
        "versions": versions(),
    }


def write_predictions(
    predictor: Predictor, folder: Path, data: TaskData, batch_size: int
) -> None:
    """Writes predictions.tsv, or predictions_<name>.tsv for each of several test sets.

    A row an example: index, prediction, and class probabilities.
    """
    for split, examples in data.test_examples().items():
        path = folder / f"{split.replace('test', 'predictions', 1)}.tsv"
        _write_predictions(predictor, examples, batch_size, path)
        logging.info("Predictions for the %s set are in %s.", split, path)


def _write_predictions(
    predictor: Predictor, examples: Examples, batch_size: int, path: Path
) -> None:
    logits = predictor.logits(examples.texts_a, examples.texts_b, batch_size)
    names = predictor.labels.names
    with (
        atomic_path(path) as temporary,
        open(temporary, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["index", "prediction", *names])
        rows = softmax(logits, axis=-1) if names else logits
        for index, row in enumerate(rows):
            prediction = names[row.argmax()] if names else f"{row[0]:.6f}"
            probabilities = [f"{value:.6f}" for value in row] if names else []
            writer.writerow([index, prediction, *probabilities])
