"""Distilling a student from a teacher, from configuration to report."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import numpy as np
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.config.training import TrainingOptions
from distill_tf.data.batches import StoredOutputs
from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.methods import Sizes
from distill_tf.methods import Stage
from distill_tf.methods import build_stages
from distill_tf.methods import labels_only
from distill_tf.models.outputs import OutputsModel
from distill_tf.pipeline.beside import rows_beside
from distill_tf.pipeline.evaluate import dev_evaluation
from distill_tf.pipeline.finish import check_exports
from distill_tf.pipeline.finish import check_finish
from distill_tf.pipeline.finish import finish
from distill_tf.pipeline.initial_student import write_initial_student
from distill_tf.pipeline.resolve import resolve
from distill_tf.pipeline.resolve import with_task
from distill_tf.pipeline.run_folder import ALONE
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.start_maps import start_maps
from distill_tf.pipeline.students import STUDENTS
from distill_tf.pipeline.students import Student
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.task_data import training_batches
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.pipeline.teacher import rate_teacher
from distill_tf.pipeline.teacher_cache import cached_outputs
from distill_tf.pipeline.teacher_cache import teacher_cache_folder
from distill_tf.pipeline.teacher_sizes import with_student_sizes
from distill_tf.pipeline.teacher_sizes import with_teacher_sizes
from distill_tf.pipeline.teachers import Teacher
from distill_tf.pipeline.teachers import bert_config_of
from distill_tf.pipeline.text_layout import check_side_lengths
from distill_tf.pipeline.train_stages import train_stages
from distill_tf.pipeline.trained_on import TrainedOn
from distill_tf.precision import resolve_precision
from distill_tf.precision import without_training
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.threads import set_threads
from distill_tf.training.jit import policy_of_untrained
from distill_tf.training.stages import build_distiller


def distill(config: DistillConfig) -> dict[str, Any]:
    """Trains a student from a teacher, evaluates both, and reports.

    Called again after a break, it goes on from the last saved state; called on a
    finished run, it evaluates that.

    Returns:
        What results_eval.json holds; empty without do_eval, and with
        init_student_only, which writes the student as it would start and ends.

    Raises:
        DistillError: a mistake in the configuration, the data or a checkpoint.
    """
    set_threads(config.num_threads, config.inter_op_threads, config.batch_parts)
    config = with_task(config)
    data = TaskData.load(config)
    config = resolve(config, data.task)
    with RunFolder(config) as folder:
        if config.init_student_only:
            write_initial_student(config, data)
            return {}
        check_finish(config, data)
        teacher = None
        if config.do_train and not Predictor.is_saved_in(folder.path):
            teacher = _train(config, folder, data)
        return finish(
            folder,
            data,
            f"student ({folder.trained_config().method})",
            beside=lambda: rows_beside(folder, data, teacher),
            resolved=with_student_sizes,
        )


def _train(config: DistillConfig, folder: RunFolder, data: TaskData) -> Teacher:
    """Trains and saves the student; the teacher that taught it."""
    cache = teacher_cache_folder(config)
    labelled = data.train()
    teacher = load_teacher(config, data)
    config = with_teacher_sizes(config, bert_config_of(teacher))
    student = STUDENTS[config.model_type](config, teacher, labelled)
    readers = (student, *teacher.members)
    check_side_lengths(config, [reader.encoder for reader in readers])
    precision = resolve_precision(config.precision)
    trial = student.build(precision)
    finished = student.finish(trial)
    config = with_student_sizes(config, finished)
    sizes = _sizes(config, trial, teacher, data)
    stages = build_stages(config, sizes)
    needs_teacher = any(stage.needs_teacher for stage in stages)
    train = data.with_unlabelled(labelled, config) if needs_teacher else labelled
    if config.aug_train:
        _check_someone_labels(config, stages)
        train = data.with_augmented(train, config)
    stored = teacher.stored_outputs(train, len(labelled)) if needs_teacher else None
    batches = _batches(config, train, student, teacher, stored)
    # Texts without a label would be read in vain where only labels teach.
    with_labels = batches
    if len(train) > len(labelled):
        with_labels = _batches(config, labelled, student)
    read = {
        stage.name: batches if stage.needs_teacher else with_labels for stage in stages
    }
    evaluate = dev_evaluation(data, student.encoder, config.eval_batch_size)
    teacher_model = None
    if teacher.model is not None:
        teacher_model = teacher.model.with_precision(without_training(precision))
    _check_fit(stages, trial.model, read, teacher_model, config)
    check_exports(config, finished)

    folder.begin(TrainedOn.of(data, train, teacher))
    logging.info("Settings of %s: %s", folder.path, json.dumps(config.to_dict()))
    rate_teacher(teacher, folder, data, cache)
    trained = student.build(precision)
    outputs = cached_outputs(cache, folder, stages, batches, teacher_model, precision)
    if teacher_model is not None:
        in_step = policy_of_untrained(precision, config.jit_compile)
        if in_step != without_training(precision):
            teacher_model = teacher.model.with_precision(in_step)
    known = {name: read[name].with_teacher_outputs(outputs[name]) for name in outputs}
    distilled = train_stages(
        trained,
        stages,
        read | known,
        evaluate,
        folder.stage(),
        config,
        teacher_model,
        finished=student.finish(trained),
        maps=start_maps(student.hidden_projection, bert_config_of(teacher), precision),
    )
    if config.student_alone:
        repeated = _batches(config, _repeat(labelled, len(train)), student)
        steps = sum(
            stage.epochs * len(read[stage.name])
            for stage in stages
            if stage.trains_student
        )
        by_labels = labels_only(
            epochs=steps / len(repeated),
            learning_rate=config.learning_rate,
            regression=sizes.regression,
        )
        alone = train_stages(
            student.finish(student.build(precision)),
            by_labels,
            {stage.name: repeated for stage in by_labels},
            evaluate,
            folder.stage(ALONE),
            config,
        )
        alone.save(folder.path / ALONE)
    # Last, since it is what says that the run is finished.
    distilled.save(folder.path)
    return teacher


def _check_fit(
    stages: Sequence[Stage],
    trial: OutputsModel,
    batches: Mapping[str, TrainingBatches],
    teacher: OutputsModel | None,
    options: TrainingOptions,
) -> None:
    """Finds what does not fit before anything is written."""
    for stage in stages:
        build_distiller(
            stage,
            trial,
            batches[stage.name],
            teacher if stage.needs_teacher else None,
            gradient_accumulation_steps=options.gradient_accumulation_steps,
            batch_parts=options.batch_parts,
        )


def _sizes(
    config: DistillConfig, student: Predictor, teacher: Teacher, data: TaskData
) -> Sizes:
    is_tower = config.model_type in TOWER_TYPES
    return Sizes(
        student_layers=student.model.config.bert.num_hidden_layers
        if is_tower
        else config.student_num_hidden_layers,
        teacher_layers=teacher.num_layers,
        regression=data.task.is_regression,
        labels=data.labels.names,
        tower_tokens=student.encoder.settings.max_tokens if is_tower else None,
    )


def _check_someone_labels(config: DistillConfig, stages: Sequence[Stage]) -> None:
    """Augmented texts must not be read in vain in any stage."""
    idle = [stage.name for stage in stages if not stage.needs_teacher]
    if idle:
        raise DistillError(
            "aug_train gives texts that only a teacher can label, but method "
            f"{config.method} asks none in its stage {idle[0]}; choose another method, "
            "or give what it learns from a teacher there a weight (of tinybert in a "
            "regression soft_label_weight)."
        )


def _batches(
    config: DistillConfig,
    examples: Examples,
    student: Student,
    teacher: Teacher | None = None,
    stored: StoredOutputs | None = None,
) -> TrainingBatches:
    return training_batches(
        examples,
        student.encoder,
        config.train_batch_size,
        config.seed,
        teacher_encoder=teacher.encoder if teacher else None,
        has_masks=config.aug_train,
        teacher_outputs=stored,
        tokens_per_batch=config.tokens_per_batch,
    )


def _repeat(examples: Examples, size: int) -> Examples:
    """The examples over and over, so that an epoch has as many steps as another's."""
    return examples.select(np.resize(np.arange(len(examples)), size))
