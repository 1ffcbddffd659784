"""The end of a run: the saved model's numbers, and its predictions."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from absl import logging
from scipy.special import softmax

from distill_tf.config.options import Config
from distill_tf.config.training import TrainingOptions
from distill_tf.errors import DistillError
from distill_tf.export import EXPORTERS
from distill_tf.export import export
from distill_tf.export.format_names import parse_formats
from distill_tf.files import atomic_path
from distill_tf.labels import LabelSet
from distill_tf.pipeline.evaluate import evaluate_model
from distill_tf.pipeline.report import print_report
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.versions import versions
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples


def check_finish(config: TrainingOptions, data: TaskData) -> None:
    """Finds before the training what would be wrong after it.

    Raises:
        DistillError: no test set to predict, or an unknown format to export to.
    """
    if config.do_predict:
        data.test_examples()
    if config.export:
        parse_formats(config.export)


def check_exports(config: TrainingOptions, predictor: Predictor) -> None:
    """Finds before the training what a format to export to cannot hold.

    Raises:
        DistillError: a format cannot hold such a model, or a tool is not installed.
    """
    if config.export:
        for name in parse_formats(config.export):
            EXPORTERS[name].check(predictor)


def _as_it_is(config: Config, predictor: Predictor) -> Config:
    return config


def finish(
    folder: RunFolder[Config],
    data: TaskData,
    heading: str,
    beside: Callable[[], dict[str, dict[str, Any]]] = dict,
    resolved: Callable[[Config, Predictor], Config] = _as_it_is,
) -> dict[str, Any]:
    """Evaluates, predicts with and exports the saved model, as configured.

    Args:
        folder: a finished run's.
        data: its task.
        heading: what the report calls the model.
        beside: results of the models to compare with, by name.
        resolved: fills in what the run's configuration leaves to the finished model.

    Returns:
        What results_eval.json holds; empty without do_eval.

    Raises:
        DistillError: the model is damaged, or was trained on other labels than the
            task has now.
    """
    config = folder.config
    predictor = load_finished(folder.path, data)
    results = {}
    if config.do_eval:
        trained = resolved(folder.trained_config(), predictor)
        # Without the stages' files (serve_for_online) only this still has them.
        stages = folder.stage_records() or folder.results().get("stages", {})
        others = beside()
        own = evaluate_model(predictor, data, config.eval_batch_size)
        results = {
            **own,
            **others,
            "task": data.task.name,
            "seed": trained.seed,
            "stages": stages,
            "config": trained.to_dict(),
            "versions": versions(),
        }
        folder.write_results(results)
        print_report({**others, heading: own}, title=data.task.name)
    if config.do_predict:
        _write_predictions(predictor, folder.path, data, config.eval_batch_size)
    if config.export:
        export(folder.path, parse_formats(config.export), data_dir=config.data_dir)
    if config.serve_for_online:
        folder.remove_training_files()
    return results


def load_finished(folder: Path, data: TaskData) -> Predictor:
    """A finished model of this task.

    Raises:
        DistillError: there is none, it is damaged, or its labels are others or in
            another order, so that its metrics would be wrong without a word.
    """
    predictor = Predictor.load(folder)
    if predictor.labels != data.labels:
        raise DistillError(
            f"{folder} was trained for {_described(predictor.labels)}, but task "
            f"{data.task.name} now has {_described(data.labels)}; give the data that "
            "it was trained on, or for task_name=custom its labels in its order."
        )
    return predictor


def _described(labels: LabelSet) -> str:
    texts = "pairs of texts" if labels.is_pair else "single texts"
    if labels.is_regression:
        return f"{texts} with a number"
    return f"{texts} with the labels {', '.join(labels.names)}"


def _write_predictions(
    predictor: Predictor, folder: Path, data: TaskData, batch_size: int
) -> None:
    """Writes predictions.tsv, or predictions_<name>.tsv for each of several test sets.

    A row an example: index, prediction, and class probabilities.
    """
    for split, examples in data.test_examples().items():
        path = folder / f"{split.replace('test', 'predictions', 1)}.tsv"
        _write_split(predictor, examples, batch_size, path)
        logging.info("Predictions for the %s set are in %s.", split, path)


def _write_split(
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
