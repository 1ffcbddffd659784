"""Settings of the methods pkd and pkd_oneflow."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class PkdOptions(Options):
    """Weights and layers of patient knowledge distillation."""

    pkd_alpha: float | None = option(
        None,
        "Share of the teacher's predictions; the labels have the rest. By default 0.5 "
        "in pkd, 0.2 in pkd_oneflow.",
        minimum=0,
        maximum=1,
    )
    pkd_beta: float | None = option(
        None,
        "Weight of the layers beside that; by default 100 in pkd, 10 in pkd_oneflow.",
        minimum=0,
        aliases=("kd_beta",),
    )
    pkd_strategy: str = option(
        "skip",
        "Which teacher layers teach the student's layers 1 to M - 1 in pkd: skip "
        "(every k-th), last, a list of M - 1 hidden states such as 2,4,6,8,10, or "
        "hidden-state pairs student:teacher such as 1:4,2:8.",
    )
    pkd_normalize: bool = option(
        True, "Compare the directions of pkd's [CLS] vectors, not their lengths."
    )
