"""Every setting of a run, as frozen dataclasses; one flag is one field."""

from distill_tf.config.distill import DistillConfig
from distill_tf.config.fine_tune import FineTuneConfig

__all__ = ["DistillConfig", "FineTuneConfig"]
