"""distill_tf: small, fast Keras students from BERT classifiers.

import distill_tf

results = distill_tf.distill(distill_tf.DistillConfig(task_name="sample"))
student = distill_tf.load("output/sample_tinybert")
student.predict(["the plot is not dull at all"])
"""

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.errors import DistillError
from distill_tf.pipeline.distill import distill
from distill_tf.pipeline.fine_tune import fine_tune
from distill_tf.predictor import Predictor

load = Predictor.load

__all__ = [
    "DistillConfig",
    "DistillError",
    "FineTuneConfig",
    "Predictor",
    "distill",
    "fine_tune",
    "load",
]
