"""The optimizer, as a stage and its options configure it."""

import keras

from distill_tf.config.optimization import OptimizationOptions
from distill_tf.training.adadelta import Adadelta
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
        total_steps: updates of the stage.
        options: kind of optimizer, schedule, warm-up, decay, clipping, accumulation.
    """
    if (options.lr_schedule or schedule) == "linear":
        learning_rate = LinearWarmupDecay(
            learning_rate, round(options.warmup_proportion * total_steps), total_steps
        )
    else:
        learning_rate = float(learning_rate)
    shared = {
        "global_clipnorm": options.clip_norm or None,
        "gradient_accumulation_steps": (
            options.gradient_accumulation_steps
            if options.gradient_accumulation_steps > 1
            else None
        ),
    }
    if options.optimizer == "adadelta":
        # Zeiler, arXiv:1212.5701, with the decay that PaddleNLP's students use.
        return Adadelta(learning_rate, rho=0.95, epsilon=1e-6, **shared)
    optimizer = FusedAdamW(
        learning_rate,
        weight_decay=options.weight_decay if options.optimizer == "adamw" else 0.0,
        epsilon=1e-6,
        lazy_rows=options.embedding_optimizer == "lazy",
        **shared,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer
