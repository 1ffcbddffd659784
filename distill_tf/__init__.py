"""distill_tf: small, fast Keras students from BERT classifiers.

import distill_tf

results = distill_tf.distill(distill_tf.DistillConfig(task_name="sample"))
student = distill_tf.load("output/sample_tinybert")
student.predict(["the plot is not dull at all"])
"""

from distill_tf.lazy import lazy_attributes

# Looked up when first used: the command line answers --help, and refuses a wrong flag,
# without waiting for TensorFlow.
_PUBLIC = {
    "DistillConfig": "distill_tf.config",
    "DistillError": "distill_tf.errors",
    "FineTuneConfig": "distill_tf.config",
    "Predictor": "distill_tf.predictor",
    "distill": "distill_tf.pipeline.distill",
    "fine_tune": "distill_tf.pipeline.fine_tune",
    "load": "distill_tf.predictor",
}

__all__ = sorted(_PUBLIC)

__getattr__, __dir__ = lazy_attributes(__name__, _PUBLIC)
