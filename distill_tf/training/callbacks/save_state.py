"""The callback that saves the state to go on from."""

import keras

from distill_tf.training.progress import Progress
from distill_tf.training.stage_folder import StageFolder


class SaveState(keras.callbacks.Callback):
    """Saves all that is needed to go on: every N steps, and after every epoch."""

    def __init__(self, progress: Progress, folder: StageFolder, every_steps: int):
        super().__init__()
        self._progress = progress
        self._folder = folder
        self._every_steps = every_steps

    def on_train_batch_end(self, batch, logs=None):
        # A state between an epoch's last step and its evaluation would skip that.
        is_last = self.model.stop_training or batch + 1 == self.params["steps"]
        if not is_last and self._progress.step % self._every_steps == 0:
            self._folder.save_state(self.model, self._progress)

    def on_epoch_end(self, epoch, logs=None):
        self._folder.save_state(self.model, self._progress)
