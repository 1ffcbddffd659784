"""The callback that logs the losses as they are now."""

import math

import keras
from absl import logging

from distill_tf.training.progress import Progress


class LogLosses(keras.callbacks.Callback):
    """Logs and records the losses' means over the last steps, every N of them.

    Keras' own means run from the beginning of an epoch, which on a large corpus hides
    how the losses are now; so they start anew here.
    """

    def __init__(self, progress: Progress, every_steps: int, total_steps: int):
        super().__init__()
        self._progress = progress
        self._every_steps = every_steps
        self._total_steps = total_steps

    def on_train_batch_begin(self, batch, logs=None):
        if self._progress.step % self._every_steps == 0:
            self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        if self._progress.step % self._every_steps == 0:
            self._record(logs)

    def on_epoch_end(self, epoch, logs=None):
        if self._progress.step % self._every_steps:
            self._record(logs)

    def _record(self, logs):
        losses = {name: float(value) for name, value in logs.items()}
        # A diverged loss is logged as it is, but JSON has no word for it.
        finite = {k: v if math.isfinite(v) else None for k, v in losses.items()}
        self._progress.losses.append({"step": self._progress.step, **finite})
        logging.info(
            "Step %d of %d, %.1f minutes: %s.",
            self._progress.step,
            self._total_steps,
            self._progress.seconds / 60,
            ", ".join(f"{name} {value:.4g}" for name, value in losses.items()),
        )
