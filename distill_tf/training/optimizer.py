"""BERT's optimizer, as a stage configures it."""

from distill_tf.training.fused_adamw import FusedAdamW
from distill_tf.training.linear_warmup_decay import LinearWarmupDecay


def build_optimizer(
    learning_rate: float,
    schedule: str,
    total_steps: int,
    warmup_proportion: float,
    weight_decay: float,
) -> FusedAdamW:
    """AdamW with clipping at global norm 1, biases and LayerNorm not decayed.

    Args:
        learning_rate: the peak.
        schedule: "linear" (warm-up, then decay to 0) or "constant".
        total_steps: steps of the stage.
        warmup_proportion: share of the steps that warm up.
        weight_decay: AdamW's decoupled decay.
    """
    if schedule == "linear":
        learning_rate = LinearWarmupDecay(
            learning_rate, round(warmup_proportion * total_steps), total_steps
        )
    optimizer = FusedAdamW(
        learning_rate,
        weight_decay=weight_decay,
        epsilon=1e-6,
        global_clipnorm=1.0,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer
