"""The callback that ends training when its time is over."""

import keras
from absl import logging

from distill_tf.training.progress import Progress


class StopAtTime(keras.callbacks.Callback):
    """Ends the stage after so many hours of training, counted over all calls."""

    def __init__(self, progress: Progress, hours: float, total_steps: int):
        super().__init__()
        self._progress = progress
        self._hours = hours
        self._total_steps = total_steps

    def on_train_batch_end(self, batch, logs=None):
        if self._progress.seconds < self._hours * 3600:
            return
        self._progress.stopped_early = True
        self.model.stop_training = True
        logging.info(
            "The %g hours are over at step %d of %d, which the learning rate's course "
            "was planned for.",
            self._hours,
            self._progress.step,
            self._total_steps,
        )
