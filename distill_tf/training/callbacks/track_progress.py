"""The callback that counts steps and ends training."""

import time

import keras

from distill_tf.training.progress import Progress


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
