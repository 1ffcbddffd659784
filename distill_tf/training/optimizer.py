"""The optimizer, as a stage and its options configure it."""

import keras

from distill_tf.config.optimization import OptimizationOptions
from distill_tf.training.fused_adamw import FusedAdamW
from distill_tf.training.linear_warmup_decay import LinearWarmupDecay


def build_optimizer(
    learning_rate: float, schedule: str, total_steps: int, options: OptimizationOptions
) -> keras.optimizers.Optimizer:
    """BERT's AdamW by default, biases and LayerNorm not decayed.

    Args:
        learning_rate: the peak.
        schedule: "linear" (warm-up, then decay to 0) or "constant", unless the options
            say otherwise.
        total_steps: steps of the stage.
        options: kind of optimizer, schedule, warm-up, decay, clipping.
    """
    if (options.lr_schedule or schedule) == "linear":
        learning_rate = LinearWarmupDecay(
            learning_rate, round(options.warmup_proportion * total_steps), total_steps
        )
    clip_norm = options.clip_norm or None
    if options.optimizer == "adadelta":
        # Zeiler, arXiv:1212.5701, with the decay that PaddleNLP's students use.
        return keras.optimizers.Adadelta(
            learning_rate, rho=0.95, epsilon=1e-6, global_clipnorm=clip_norm
        )
    optimizer = FusedAdamW(
        learning_rate,
        weight_decay=options.weight_decay if options.optimizer == "adamw" else 0.0,
        epsilon=1e-6,
        global_clipnorm=clip_norm,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer
