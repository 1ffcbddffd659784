"""Distilling a student from a teacher, from configuration to report."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.evaluation.metrics import majority_baseline
from distill_tf.files import write_json_atomically
from distill_tf.methods import METHODS
from distill_tf.methods import Sizes
from distill_tf.methods import Stage
from distill_tf.methods import labels_only
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.evaluate import dev_metrics
from distill_tf.pipeline.finish import describe_run
from distill_tf.pipeline.finish import evaluate_model
from distill_tf.pipeline.finish import write_predictions
from distill_tf.pipeline.report import print_report
from distill_tf.pipeline.resolve import is_sample
from distill_tf.pipeline.resolve import resolve
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.sample_teacher import sample_teacher
from distill_tf.pipeline.student import build_student
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.task_data import training_batches
from distill_tf.precision import resolve_precision
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.training.stages import build_distiller
from distill_tf.training.stages import run_stage

ALONE = "student_alone"
_TEACHER_RESULTS = "teacher.json"


def distill(config: DistillConfig) -> dict[str, Any]:
    """Trains a student from a teacher, evaluates both, and reports.

    Called again after a break, it goes on from the last saved state; called on a
    finished run, it evaluates that.

    Returns:
        What results_eval.json holds; empty without do_eval.

    Raises:
        DistillError: a mistake in the configuration, the data or a checkpoint.
    """
    data = TaskData.load(config)
    config = resolve(config, data.task)
    folder = RunFolder(config)
    if config.do_predict:
        data.test_examples()  # Whatever is wrong with them is told before training.
    if config.do_train and not Predictor.is_saved_in(folder.path):
        _train(config, folder, data)
    return _finish(folder, data)


def _train(config: DistillConfig, folder: RunFolder, data: TaskData) -> None:
    labelled = data.train()
    train = data.with_unlabelled(labelled)
    teacher = _load_teacher(config, data)
    sizes = Sizes(
        student_layers=config.student_num_hidden_layers,
        teacher_layers=teacher.model.config.num_hidden_layers,
        regression=data.task.is_regression,
    )
    stages = METHODS[config.method](config, sizes)
    run = _StudentRun(config, folder, data, teacher)
    batches = run.batches(train)
    run.check(stages, batches)

    folder.create()
    logging.info("Settings of %s: %s", folder.path, json.dumps(config.to_dict()))
    _rate_teacher(teacher, folder, data)
    distilled = run.train(stages, batches, folder.stage())
    if config.student_alone:
        alone = labels_only(
            epochs=sum(stage.epochs for stage in stages),
            learning_rate=config.learning_rate,
            regression=sizes.regression,
        )
        # Over and over, until an epoch has as many steps as the distilled student's.
        repeated = labelled.select(np.resize(np.arange(len(labelled)), len(train)))
        student = run.train(alone, run.batches(repeated), folder.stage(ALONE))
        student.save(folder.path / ALONE)
    # Last, since it is what says that the run is finished.
    distilled.save(folder.path)


class _StudentRun:
    """Trains students that start equal, each from its own stages and examples."""

    def __init__(
        self,
        config: DistillConfig,
        folder: RunFolder,
        data: TaskData,
        teacher: Predictor,
    ):
        self._config = config
        self._teacher = teacher
        self._precision = resolve_precision(config.precision)
        self._teacher_model = teacher.model.with_precision(self._precision)
        self._metrics = data.task.metrics
        self._dev = data.dev_sets(teacher.encoder)[0]

    def batches(self, examples: Examples) -> TrainingBatches:
        """Training examples as the teacher and the student read them."""
        return training_batches(
            examples,
            self._teacher.encoder,
            self._config.train_batch_size,
            self._config.seed,
        )

    def check(self, stages: Sequence[Stage], batches: TrainingBatches) -> None:
        """DistillError if the student cannot learn these stages from this teacher."""
        student = self._new_student()
        for stage in stages:
            build_distiller(stage, student.model, batches, self._teacher_model)

    def train(
        self, stages: Sequence[Stage], batches: TrainingBatches, folder: Path
    ) -> Predictor:
        """A new student, taken through all stages; float32."""
        student = self._new_student()
        for stage in stages:
            run_stage(
                stage,
                student.model,
                batches,
                lambda: dev_metrics(
                    student.inference,
                    self._dev,
                    self._metrics,
                    self._config.eval_batch_size,
                ),
                folder / stage.name,
                self._config,
                teacher=self._teacher_model,
            )
        return student.with_precision("float32")

    def _new_student(self) -> Predictor:
        model = build_student(self._config, self._teacher, self._precision)
        return Predictor(model, self._teacher.encoder, self._teacher.labels)


def _load_teacher(config: DistillConfig, data: TaskData) -> Predictor:
    checkpoint = config.init_checkpoint_teacher
    if not checkpoint and is_sample(data.task):
        checkpoint = sample_teacher(config, data)
    if not checkpoint:
        raise DistillError(
            f"distilling on {data.task.name} needs a teacher; give "
            "init_checkpoint_teacher, the output folder of run_classifier.py for "
            "instance."
        )
    return load_classifier(
        checkpoint,
        data.labels,
        config.max_seq_length,
        bert_config_file=config.bert_config_file,
        vocab_file=config.vocab_file,
        do_lower_case=config.do_lower_case,
        pooling_strategy=config.pooling_strategy,
    )


def _rate_teacher(teacher: Predictor, folder: RunFolder, data: TaskData) -> None:
    """Evaluates the teacher once, and warns if it has nothing to teach."""
    path = folder.stage(_TEACHER_RESULTS)
    if path.exists():
        return
    results = evaluate_model(teacher, data, folder.config.eval_batch_size)
    if "accuracy" in results:
        majority = majority_baseline(data.dev_labels())
        if results["accuracy"] <= majority:
            logging.warning(
                "THE TEACHER IS NO BETTER THAN GUESSING: its dev accuracy is %.4f, "
                "and always answering the most frequent label gives %.4f. Is it "
                "fine-tuned on %s, with the labels in the order %s?",
                results["accuracy"],
                majority,
                data.task.name,
                ", ".join(data.labels.names),
            )
    write_json_atomically(path, results)


def _finish(folder: RunFolder, data: TaskData) -> dict[str, Any]:
    """Evaluates and predicts with the models that were saved."""
    config = folder.config
    student = Predictor.load(folder.path)
    results = {}
    if config.do_eval:
        rows = {}
        teacher_results = folder.stage(_TEACHER_RESULTS)
        if teacher_results.exists():
            rows["teacher"] = json.loads(teacher_results.read_text("utf-8"))
        if Predictor.is_saved_in(folder.path / ALONE):
            alone = Predictor.load(folder.path / ALONE)
            rows[ALONE] = evaluate_model(alone, data, config.eval_batch_size)
        distilled = evaluate_model(student, data, config.eval_batch_size)
        results = {
            **distilled,
            **rows,
            "stages": folder.stage_records(),
            **describe_run(folder, data),
        }
        folder.write_results(results)
        print_report(
            {**rows, f"student ({config.method})": distilled}, title=data.task.name
        )
    if config.do_predict:
        write_predictions(student, folder.path, data, config.eval_batch_size)
    return results
