"""Keras callbacks of a stage: position, evaluation, saved state, end, logs."""

from distill_tf.training.callbacks.evaluate_on_dev import EvaluateOnDev
from distill_tf.training.callbacks.log_losses import LogLosses
from distill_tf.training.callbacks.save_state import SaveState
from distill_tf.training.callbacks.stop_at_time import StopAtTime
from distill_tf.training.callbacks.track_progress import TrackProgress
from distill_tf.training.callbacks.write_summaries import WriteSummaries

__all__ = [
    "EvaluateOnDev",
    "LogLosses",
    "SaveState",
    "StopAtTime",
    "TrackProgress",
    "WriteSummaries",
]
