"""Settings of what changes while a stage trains."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class ScheduleOptions(Options):
    """How the teacher's weight and the temperature change over each stage."""

    teacher_weight_schedule: str = option(
        "constant",
        "Weights of what is learnt from the teacher: constant, linear_decay (to 0 at "
        "the end of a stage) or warm_up (from 0).",
        choices=("constant", "linear_decay", "warm_up"),
    )
    teacher_weight_warmup: float = option(
        0.2,
        "Share of a stage that teacher_weight_schedule=warm_up takes.",
        minimum=1e-6,
        maximum=1,
    )
    temperature_schedule: str = option(
        "constant",
        "The temperature: constant, linear_decay (to 1 at the end of a stage) or "
        "warm_up (from 1).",
        choices=("constant", "linear_decay", "warm_up"),
    )
    temperature_warmup: float = option(
        0.2,
        "Share of a stage that temperature_schedule=warm_up takes.",
        minimum=1e-6,
        maximum=1,
    )
