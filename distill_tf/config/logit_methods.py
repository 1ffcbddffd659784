"""Settings of the methods that learn from predictions: kd, tang, soft_ce."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class LogitMethodOptions(Options):
    """Losses between predictions, and how they are weighed against the labels."""

    kd_loss: str | None = option(
        None,
        "Method kd: how predictions are compared: soft_ce (soft cross-entropy), kl "
        "(divergence), mse (of the logits), dkd (decoupled), dist (correlation), "
        "standardized (divergence of standardized logits); by default soft_ce, and "
        "mse in a regression.",
        choices=("soft_ce", "kl", "mse", "dkd", "dist", "standardized"),
    )
    dkd_alpha: float = option(
        1.0, "With kd_loss=dkd: weight of the target class's term.", minimum=0
    )
    dkd_beta: float = option(
        8.0, "With kd_loss=dkd: weight of the other classes' term.", minimum=0
    )
    dist_beta: float = option(
        1.0,
        "With kd_loss=dist: weight of the correlation across the classes.",
        minimum=0,
    )
    dist_gamma: float = option(
        1.0,
        "With kd_loss=dist: weight of the correlation across the batch.",
        minimum=0,
    )
    tang_alpha: float = option(
        0.0,
        "Method tang: alpha x cross-entropy with the labels + (1 - alpha) x mean "
        "squared difference of the logits.",
        minimum=0,
        maximum=1,
    )
    soft_ce_alpha: float | None = option(
        None,
        "Method soft_ce: (1 - alpha) x cross-entropy with the labels + alpha x soft "
        "cross-entropy with the teacher, the other way round than in kd; 0.7 by "
        "default.",
        minimum=0,
        maximum=1,
    )
