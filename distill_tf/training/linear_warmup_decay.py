"""BERT's learning rate: linear warm-up, then linear decay."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="distill_tf")
class LinearWarmupDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Rises linearly from 0 to `peak`, then falls linearly to 0 at `total_steps`.

    Without warm-up steps the first step already has the peak. google-research/bert
    lets the rate jump down after the warm-up, to the line from the peak at step 0.
    """

    def __init__(self, peak: float, warmup_steps: int, total_steps: int):
        self.peak = peak
        self.warmup_steps = warmup_steps
        self.total_steps = total_steps

    def __call__(self, step):
        step = ops.cast(step, "float32")
        rising = step / self.warmup_steps if self.warmup_steps else 1.0
        falling = (self.total_steps - step) / max(
            self.total_steps - self.warmup_steps, 1
        )
        return self.peak * ops.clip(ops.minimum(rising, falling), 0.0, 1.0)

    def get_config(self):
        return {
            "peak": self.peak,
            "warmup_steps": self.warmup_steps,
            "total_steps": self.total_steps,
        }
