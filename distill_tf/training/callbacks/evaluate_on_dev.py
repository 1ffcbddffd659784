"""The callback that evaluates, keeps the best weights and stops early."""

from collections.abc import Callable

import keras

from distill_tf.training.progress import Progress
from distill_tf.training.stage_folder import StageFolder


class EvaluateOnDev(keras.callbacks.Callback):
    """Evaluates the student, keeps its best weights, stops when patience runs out.

    The metrics join Keras' logs as `dev_<metric>`.

    Args:
        evaluate: the student's dev metrics, the selecting one first.
        progress: where evaluations are recorded.
        folder: where the best weights go.
        every_steps: steps between evaluations; 0 evaluates after every epoch only.
        patience: evaluations without a better one before it stops; 0 never stops.
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
        if self._progress.evaluated_at != self._progress.step:
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
