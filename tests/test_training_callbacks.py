"""The callbacks of a stage, one at a time."""

import types

import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing import event_accumulator

from distill_tf.training.callbacks import EvaluateOnDev
from distill_tf.training.callbacks import LogLosses
from distill_tf.training.callbacks import SaveState
from distill_tf.training.callbacks import StopAtTime
from distill_tf.training.callbacks import TrackProgress
from distill_tf.training.callbacks import WriteSummaries
from distill_tf.training.progress import Progress


class RecordingFolder:
    """Notes at which step what was saved."""

    def __init__(self, progress):
        self._progress = progress
        self.best = []
        self.states = []

    def save_best(self, student):
        assert student == "student"
        self.best.append(self._progress.step)

    def save_state(self, model, progress):
        assert progress is self._progress
        self.states.append((progress.step, progress.epoch, progress.batch))


def make_model():
    return types.SimpleNamespace(student="student", stop_training=False)


def run_epochs(callbacks, epochs, batches, logs=None):
    """Calls the callbacks as `fit` does, once an epoch, until one of them stops."""
    model = make_model()
    for epoch in range(epochs):
        for callback in callbacks:
            callback.set_model(model)
            callback.set_params({"steps": batches})
            callback.on_train_begin()
        model.stop_training = False
        for batch in range(batches):
            batch_logs = dict(logs or {})
            for callback in callbacks:
                callback.on_train_batch_end(batch, batch_logs)
            if model.stop_training:
                break
        end_logs = dict(logs or {})
        for callback in callbacks:
            callback.on_epoch_end(epoch, end_logs)
            assert model.stop_training
        for callback in callbacks:
            callback.on_train_end()


def test_progress_counts_steps_batches_and_epochs():
    progress = Progress(epoch=3, batch=2, step=20, seconds=100.0)
    callback = TrackProgress(progress, total_steps=22)
    model = make_model()
    callback.set_model(model)
    callback.on_train_begin()
    callback.on_train_batch_end(0)
    assert (progress.step, progress.batch, model.stop_training) == (21, 3, False)
    assert 100 <= progress.seconds < 101
    callback.on_train_batch_end(1)
    assert (progress.step, progress.batch, model.stop_training) == (22, 4, True)
    callback.on_epoch_end(3)
    assert (progress.epoch, progress.batch, progress.step) == (4, 0, 22)


@pytest.mark.parametrize(
    ("every_steps", "evaluated"),
    [(0, [5, 10]), (2, [2, 4, 5, 6, 8, 10]), (5, [5, 10]), (7, [5, 7, 10])],
)
def test_evaluation_steps(every_steps, evaluated):
    progress = Progress()
    folder = RecordingFolder(progress)
    scores = iter(np.arange(1, 20) / 20)
    callbacks = [
        TrackProgress(progress, 99),
        EvaluateOnDev(
            lambda: {"accuracy": next(scores)}, progress, folder, every_steps, 0
        ),
    ]
    run_epochs(callbacks, epochs=2, batches=5)
    assert [evaluation["step"] for evaluation in progress.evaluations] == evaluated
    assert folder.best == evaluated
    assert progress.best_step == 10


def test_the_first_metric_selects_and_equal_is_no_better():
    progress = Progress()
    folder = RecordingFolder(progress)
    scores = iter([0.5, 0.7, 0.7, 0.6, 0.8])
    evaluate = EvaluateOnDev(
        lambda: {"f1": next(scores), "accuracy": -progress.step}, progress, folder, 1, 0
    )
    run_epochs([TrackProgress(progress, 99), evaluate], epochs=1, batches=5)
    assert folder.best == [1, 2, 5]
    assert (progress.best, progress.best_step) == (0.8, 5)
    assert progress.evaluations[3] == {"step": 4, "f1": 0.6, "accuracy": -4}


@pytest.mark.parametrize(("patience", "steps"), [(0, 6), (1, 3), (2, 4), (3, 6)])
def test_patience_ends_training(patience, steps):
    progress = Progress()
    scores = iter([0.5, 0.6, 0.6, 0.5, 0.7, 0.1, 0.2])
    evaluate = EvaluateOnDev(
        lambda: {"accuracy": next(scores)},
        progress,
        RecordingFolder(progress),
        1,
        patience,
    )
    run_epochs([TrackProgress(progress, 99), evaluate], epochs=1, batches=6)
    assert progress.stopped_early == (steps < 6)
    assert progress.step == steps


def test_metrics_join_the_logs():
    progress = Progress()
    evaluate = EvaluateOnDev(
        lambda: {"f1": 0.25}, progress, RecordingFolder(progress), 0, 0
    )
    evaluate.set_model(make_model())
    logs = {"loss": 1.0}
    evaluate.on_epoch_end(0, logs)
    assert logs == {"loss": 1.0, "dev_f1": 0.25}


@pytest.mark.parametrize(
    ("every_steps", "total_steps", "saved"),
    [
        # (step, epoch, batch): never between an epoch's last step and its evaluation.
        (2, 99, [(2, 0, 2), (4, 0, 4), (5, 1, 0), (6, 1, 1), (8, 1, 3), (10, 2, 0)]),
        (5, 99, [(5, 1, 0), (10, 2, 0)]),
        (4, 8, [(4, 0, 4), (5, 1, 0), (8, 2, 0)]),
    ],
)
def test_states_are_saved_every_few_steps_and_after_every_epoch(
    every_steps, total_steps, saved
):
    progress = Progress()
    folder = RecordingFolder(progress)
    callbacks = [
        TrackProgress(progress, total_steps),
        SaveState(progress, folder, every_steps),
    ]
    run_epochs(callbacks, epochs=2, batches=5)
    assert folder.states == saved


def test_summaries_lie_at_the_true_step(tmp_path):
    progress = Progress(step=40)
    scores = iter([0.5, 0.75])
    callbacks = [
        TrackProgress(progress, 99),
        EvaluateOnDev(
            lambda: {"f1": next(scores)}, progress, RecordingFolder(progress), 43, 0
        ),
        WriteSummaries(progress, tmp_path, every_steps=2),
    ]
    run_epochs(callbacks, epochs=1, batches=5, logs={"loss": 3.0})
    accumulator = event_accumulator.EventAccumulator(str(tmp_path))
    accumulator.Reload()

    def scalars(tag):
        return {
            event.step: float(tf.make_ndarray(event.tensor_proto))
            for event in accumulator.Tensors(tag)
        }

    # 43 is no multiple of 2, but the dev set was evaluated there.
    assert scalars("loss") == {42: 3.0, 43: 3.0, 44: 3.0, 45: 3.0}
    assert scalars("dev_f1") == {43: 0.5, 45: 0.75}


class CountingModel:
    """Its only metric is the number of batches since the last reset."""

    def __init__(self):
        self.batches = 0
        self.stop_training = False

    def reset_metrics(self):
        self.batches = 0


def test_losses_are_logged_over_the_last_steps():
    progress, model = Progress(step=5), CountingModel()
    track, log = TrackProgress(progress, 99), LogLosses(progress, 3, 99)
    for callback in (track, log):
        callback.set_model(model)
    track.on_train_begin()
    for batch in range(6):
        log.on_train_batch_begin(batch)
        model.batches += 1
        track.on_train_batch_end(batch)
        log.on_train_batch_end(batch, {"loss": tf.constant(model.batches)})
    log.on_epoch_end(0, {"loss": np.nan})
    assert progress.losses == [
        {"step": 6, "loss": 1.0},
        {"step": 9, "loss": 3.0},
        {"step": 11, "loss": None},
    ]


@pytest.mark.parametrize(("seconds", "stops"), [(7199.0, False), (7200.0, True)])
def test_training_ends_when_its_time_is_over(seconds, stops):
    progress, model = Progress(seconds=seconds), make_model()
    callback = StopAtTime(progress, 2.0, total_steps=9)
    callback.set_model(model)
    callback.on_train_batch_end(0)
    assert model.stop_training == progress.stopped_early == stops
