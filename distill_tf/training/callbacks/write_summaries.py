"""The callback that writes TensorBoard logs."""

from pathlib import Path

import keras
import tensorflow as tf

from distill_tf.training.progress import Progress


class WriteSummaries(keras.callbacks.Callback):
    """TensorBoard scalars at the true step, also after a resumed start.

    Every N steps, and whenever the dev set was evaluated.
    """

    def __init__(self, progress: Progress, log_dir: Path, every_steps: int = 50):
        super().__init__()
        self._progress = progress
        self._log_dir = log_dir
        self._every_steps = every_steps
        self._writer = None

    def on_train_begin(self, logs=None):
        self._writer = tf.summary.create_file_writer(str(self._log_dir))

    def on_train_batch_end(self, batch, logs=None):
        step = self._progress.step
        if step % self._every_steps == 0 or self._progress.evaluated_at == step:
            self._write(logs)

    def on_epoch_end(self, epoch, logs=None):
        self._write(logs)

    def on_train_end(self, logs=None):
        self._writer.close()

    def _write(self, logs):
        with self._writer.as_default(step=self._progress.step):
            for name, value in (logs or {}).items():
                tf.summary.scalar(name, float(value))
