"""Keras callbacks of a stage: position, evaluation, saved state, logs."""

import time
from collections.abc import Callable
from pathlib import Path

import keras
import tensorflow as tf

from distill_tf.training.progress import Progress
from distill_tf.training.stage_folder import StageFolder


class TrackProgress(keras.callbacks.Callback):
    """Keeps the position; ends `fit` after its epoch, or at the last step."""

    def __init__(self, progress: Progress, total_steps: int):
        super().__init__()
        self._progress = progress
        self._total_steps = total_steps
        self._started = 0.0

    def on_train_begin(self, logs=None):
        self._started = time.monotonic() - self._progress.seconds

    def on_train_batch_end(self, batch, logs=None):
        self._progress.step += 1
        self._progress.batch += 1
        self._progress.seconds = time.monotonic() - self._started
        if self._progress.step >= self._total_steps:
            self.model.stop_training = True

    def on_epoch_end(self, epoch, logs=None):
        self._progress.epoch = epoch + 1
        self._progress.batch = 0
        self.model.stop_training = True


class EvaluateOnDev(keras.callbacks.Callback):
    """Evaluates the student, keeps its best weights, stops when patience runs out.

    The metrics join Keras' logs as `dev_<metric>`.
    """

    def __init__(
        self,
        evaluate: Callable[[], dict[str, float]],
        progress: Progress,
        folder: StageFolder,
        every_steps: int,
        patience: int,
    ):
        super().__init__()
        self._evaluate = evaluate
        self._progress = progress
        self._folder = folder
        self._every_steps = every_steps
        self._patience = patience

    def on_train_batch_end(self, batch, logs=None):
        if self._every_steps and self._progress.step % self._every_steps == 0:
            self._run(logs)

    def on_epoch_end(self, epoch, logs=None):
        evaluations = self._progress.evaluations
        if not evaluations or evaluations[-1]["step"] != self._progress.step:
            self._run(logs)

    def _run(self, logs):
        metrics = self._evaluate()
        if logs is not None:
            logs.update({f"dev_{name}": value for name, value in metrics.items()})
        is_best = self._progress.record(metrics, next(iter(metrics.values())))
        if is_best:
            self._folder.save_best(self.model.student)
        elif self._patience and (
            self._progress.evaluations_since_best >= self._patience
        ):
            self._progress.stopped_early = True
            self.model.stop_training = True


class SaveState(keras.callbacks.Callback):
    """Saves all that is needed to go on: every N steps, and after every epoch."""

    def __init__(self, progress: Progress, folder: StageFolder, every_steps: int):
        super().__init__()
        self._progress = progress
        self._folder = folder
        self._every_steps = every_steps

    def on_train_batch_end(self, batch, logs=None):
        if self._progress.step % self._every_steps == 0:
            self._folder.save_state(self.model, self._progress)

    def on_epoch_end(self, epoch, logs=None):
        self._folder.save_state(self.model, self._progress)


class WriteSummaries(keras.callbacks.Callback):
    """TensorBoard scalars at the true step, also after a resumed start."""

    def __init__(self, progress: Progress, log_dir: Path, every_steps: int = 50):
        super().__init__()
        self._progress = progress
        self._log_dir = log_dir
        self._every_steps = every_steps
        self._writer = None

    def on_train_begin(self, logs=None):
        self._writer = tf.summary.create_file_writer(str(self._log_dir))

    def on_train_batch_end(self, batch, logs=None):
        if self._progress.step % self._every_steps == 0:
            self._write(logs)

    def on_epoch_end(self, epoch, logs=None):
        self._write(logs)

    def on_train_end(self, logs=None):
        self._writer.close()

    def _write(self, logs):
        with self._writer.as_default(step=self._progress.step):
            for name, value in (logs or {}).items():
                tf.summary.scalar(name, float(value))
