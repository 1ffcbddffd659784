"""Runs one stage: resumes it, trains, keeps the right weights."""

import math
import sys
from collections.abc import Callable
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

import keras
from absl import logging

from distill_tf.config.optimization import OptimizationOptions
from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.methods.stage import Stage
from distill_tf.models.outputs import OutputsModel
from distill_tf.objectives.token_alignment import check_same_tokens
from distill_tf.training.callbacks import EvaluateOnDev
from distill_tf.training.callbacks import LogLosses
from distill_tf.training.callbacks import SaveState
from distill_tf.training.callbacks import StopAtTime
from distill_tf.training.callbacks import TrackProgress
from distill_tf.training.callbacks import WriteSummaries
from distill_tf.training.distiller import Distiller
from distill_tf.training.dropout_seeds import reseed
from distill_tf.training.jit import resolve_jit_compile
from distill_tf.training.optimizer import build_optimizer
from distill_tf.training.progress import Progress
from distill_tf.training.stage_folder import StageFolder


def build_distiller(
    stage: Stage,
    student: OutputsModel,
    batches: TrainingBatches,
    teacher: OutputsModel | None,
    maps: Mapping[str, keras.layers.Layer] = MappingProxyType({}),
    gradient_accumulation_steps: int = 1,
    batch_parts: int = 1,
) -> Distiller:
    """The stage's training model; DistillError if student and teacher do not fit."""
    distiller = Distiller(
        student,
        stage.objectives,
        sample=batches.first()[0],
        teacher=teacher if stage.needs_teacher else None,
        maps=maps,
        total_steps=_total_updates(stage, batches, gradient_accumulation_steps),
        batch_parts=batch_parts,
        name="distiller",
    )
    check_same_tokens(stage.objectives, batches.tokens_are_shared)
    return distiller


def run_stage(
    stage: Stage,
    student: OutputsModel,
    batches: TrainingBatches,
    evaluate: Callable[[], dict[str, float]] | None,
    folder: Path,
    options: OptimizationOptions,
    teacher: OutputsModel | None = None,
    maps: dict[str, keras.layers.Layer] | None = None,
) -> Progress:
    """Trains the student in place and leaves it with the stage's final weights.

    A finished stage is only read back; a broken-off one goes on from its last saved
    state, with the same batches, as if nothing had happened.

    Args:
        stage: objectives, epochs, learning rate.
        student: the model to train.
        batches: the training data.
        evaluate: the student's dev metrics, the selecting one first; None if the stage
            selects no weights.
        folder: where the stage keeps its files.
        options: optimizer, how often to save and log; where weights are selected,
            `TrainingOptions` with patience and how often to evaluate.
        teacher: the model to learn from, if an objective needs it.
        maps: the trained maps that stages share, by `projection_key`: this stage goes
            on with those that are there, and puts its own in.
    """
    files = StageFolder(folder)
    accumulated = options.gradient_accumulation_steps
    build = partial(
        build_distiller,
        stage,
        student,
        batches,
        teacher,
        gradient_accumulation_steps=accumulated,
        batch_parts=options.batch_parts,
    )
    maps = {} if maps is None else maps
    progress = files.finished()
    if progress is not None:
        files.restore_student(student)
        if stage.shared_maps:
            distiller = build(maps)
            maps |= files.restore_maps(_shared_maps(stage, distiller))
        logging.info("Stage %s is finished: read from %s.", stage.name, folder)
        return progress

    distiller = build(maps)
    updates = _total_updates(stage, batches, accumulated)
    # Batches at the very end that make no whole update are left out.
    total_steps = updates * accumulated
    distiller.compile(
        build_optimizer(stage.learning_rate, stage.schedule, updates, options),
        jit_compile=resolve_jit_compile(options.jit_compile),
    )
    # What `compile` made of it: a float16 policy wraps it for loss scaling.
    distiller.optimizer.build(distiller.trainable_variables)
    reseed(distiller, options.seed)
    progress = files.restore_state(distiller)
    logging.info(
        "Stage %s: %s; steps %d to %d, learning rate %g (%s).",
        stage.name,
        " + ".join(objective.describe() for objective in stage.objectives),
        progress.step,
        total_steps,
        stage.learning_rate,
        options.lr_schedule or stage.schedule,
    )

    callbacks = _callbacks(stage, progress, evaluate, files, options, total_steps)
    while progress.step < total_steps and not progress.stopped_early:
        # One epoch a call: each has data of its own, the first perhaps only the rest.
        distiller.fit(
            batches.epoch(progress.epoch, seen=progress.batch),
            initial_epoch=progress.epoch,
            epochs=math.ceil(stage.epochs),
            callbacks=callbacks,
            shuffle=False,
            verbose=1 if sys.stdout.isatty() else 2,
        )
    if progress.best is not None:
        files.restore_best(student)
    shared = _shared_maps(stage, distiller)
    maps |= shared
    files.finish(student, progress, shared)
    return progress


def _total_updates(stage: Stage, batches: TrainingBatches, accumulated: int) -> int:
    steps = round(stage.epochs * len(batches))
    if 0 < steps < accumulated:
        raise DistillError(
            f"gradient_accumulation_steps is {accumulated}, but stage {stage.name} has "
            f"only {steps} batches; lower it, or train for more epochs."
        )
    return steps // accumulated


def _shared_maps(stage: Stage, distiller: Distiller) -> dict[str, keras.layers.Layer]:
    return {key: distiller.projections[key] for key in sorted(stage.shared_maps)}


def _callbacks(stage, progress, evaluate, files, options, total_steps):
    callbacks = [TrackProgress(progress, total_steps)]
    if stage.max_hours:
        callbacks.append(StopAtTime(progress, stage.max_hours, total_steps))
    if options.log_steps:
        callbacks.append(LogLosses(progress, options.log_steps, total_steps))
    if stage.selects_best:
        callbacks.append(
            EvaluateOnDev(
                evaluate,
                progress,
                files,
                options.eval_steps,
                options.early_stopping_patience,
            )
        )
    callbacks.append(SaveState(progress, files, options.save_checkpoints_steps))
    if options.tensorboard:
        callbacks.append(WriteSummaries(progress, files.path / "logs"))
    return callbacks
