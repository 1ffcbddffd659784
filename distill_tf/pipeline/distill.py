"""Distilling a student from a teacher, from configuration to report."""

import json
from typing import Any

import numpy as np
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.methods import Sizes
from distill_tf.methods import build_stages
from distill_tf.methods import check_method
from distill_tf.methods import labels_only
from distill_tf.pipeline.evaluate import dev_evaluation
from distill_tf.pipeline.finish import check_finish
from distill_tf.pipeline.finish import evaluate_model
from distill_tf.pipeline.finish import finish
from distill_tf.pipeline.resolve import resolve
from distill_tf.pipeline.resolve import with_task
from distill_tf.pipeline.run_folder import ALONE
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.students import STUDENTS
from distill_tf.pipeline.students import Student
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.task_data import training_batches
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.pipeline.teacher import rate_teacher
from distill_tf.pipeline.train_stages import train_stages
from distill_tf.precision import resolve_precision
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.training.stages import build_distiller


def distill(config: DistillConfig) -> dict[str, Any]:
    """Trains a student from a teacher, evaluates both, and reports.

    Called again after a break, it goes on from the last saved state; called on a
    finished run, it evaluates that.

    Returns:
        What results_eval.json holds; empty without do_eval.

    Raises:
        DistillError: a mistake in the configuration, the data or a checkpoint.
    """
    config = with_task(config)
    data = TaskData.load(config)
    config = resolve(config, data.task)
    check_method(config)
    folder = RunFolder(config)
    check_finish(config, data)
    if config.do_train and not Predictor.is_saved_in(folder.path):
        _train(config, folder, data)
    heading = f"student ({config.method})"
    return finish(folder, data, heading, beside=lambda: _beside(folder, data))


def _train(config: DistillConfig, folder: RunFolder, data: TaskData) -> None:
    labelled = data.train()
    teacher = load_teacher(config, data)
    student = STUDENTS[config.model_type](config, teacher, labelled)
    precision = resolve_precision(config.precision)
    trial = student.build(precision)
    sizes = _sizes(config, trial, teacher, data)
    stages = build_stages(config, sizes)
    needs_teacher = any(stage.needs_teacher for stage in stages)
    train = data.with_unlabelled(labelled) if needs_teacher else labelled
    if config.aug_train:
        _check_someone_labels(config, needs_teacher)
        train = data.with_augmented(train)
    batches = _batches(config, train, student, teacher)
    evaluate = dev_evaluation(data, student.encoder, config.eval_batch_size)
    teacher_model = teacher.model.with_precision(precision)
    for stage in stages:
        # Finds what does not fit before anything is written.
        build_distiller(stage, trial.model, batches, teacher_model)

    folder.create()
    logging.info("Settings of %s: %s", folder.path, json.dumps(config.to_dict()))
    rate_teacher(teacher, folder, data)
    distilled = train_stages(
        student.build(precision),
        stages,
        batches,
        evaluate,
        folder.stage(),
        config,
        teacher_model,
    )
    if config.student_alone:
        alone = train_stages(
            student.build(precision),
            labels_only(
                epochs=sum(stage.epochs for stage in stages if stage.trains_student),
                learning_rate=config.learning_rate,
                regression=sizes.regression,
            ),
            _batches(config, _repeat(labelled, len(train)), student),
            evaluate,
            folder.stage(ALONE),
            config,
        )
        alone.save(folder.path / ALONE)
    # Last, since it is what says that the run is finished.
    distilled.save(folder.path)


def _sizes(
    config: DistillConfig, student: Predictor, teacher: Predictor, data: TaskData
) -> Sizes:
    is_tower = config.model_type in TOWER_TYPES
    return Sizes(
        student_layers=student.model.config.bert.num_hidden_layers
        if is_tower
        else config.student_num_hidden_layers,
        teacher_layers=teacher.model.config.num_hidden_layers,
        regression=data.task.is_regression,
        tower_tokens=student.encoder.settings.max_tokens if is_tower else None,
    )


def _check_someone_labels(config: DistillConfig, needs_teacher: bool) -> None:
    if not needs_teacher:
        raise DistillError(
            "aug_train gives texts that only a teacher can label, but method "
            f"{config.method} asks no teacher; choose another method."
        )


def _batches(
    config: DistillConfig,
    examples: Examples,
    student: Student,
    teacher: Predictor | None = None,
) -> TrainingBatches:
    return training_batches(
        examples,
        student.encoder,
        config.train_batch_size,
        config.seed,
        teacher_encoder=teacher.encoder if teacher else None,
        has_masks=config.aug_train,
    )


def _repeat(examples: Examples, size: int) -> Examples:
    """The examples over and over, so that an epoch has as many steps as another's."""
    return examples.select(np.resize(np.arange(len(examples)), size))


def _beside(folder: RunFolder, data: TaskData) -> dict[str, dict[str, Any]]:
    """What the student is compared with: its teacher, and itself without one.

    All are measured one after the other, so that their times compare.
    """
    batch_size = folder.config.eval_batch_size
    models = {}
    try:
        teacher = load_teacher(folder.config, data)
        models["teacher"] = evaluate_model(teacher, data, batch_size)
    except DistillError as error:
        logging.warning("The teacher is shown as it was before training: %s", error)
        recorded = folder.teacher_results()
        if recorded is not None:
            models["teacher"] = recorded
    if Predictor.is_saved_in(folder.path / ALONE):
        alone = Predictor.load(folder.path / ALONE)
        models[ALONE] = evaluate_model(alone, data, batch_size)
    return models
