"""Any method's stages with weights and temperatures that change while they train."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods.stage import Stage
from distill_tf.objectives import Objective
from distill_tf.objectives.schedule import linear_decay
from distill_tf.objectives.schedule import warm_up

# From a value, what it falls to or rises from, and the share of the stage that takes.
_SCHEDULES = {
    "linear_decay": lambda value, low, share: linear_decay(value, low),
    "warm_up": lambda value, low, share: warm_up(value, share, low),
}


def scheduled(stages: Sequence[Stage], config: DistillConfig) -> tuple[Stage, ...]:
    """The stages with the schedules that the configuration asks for.

    The weight of every objective that needs the teacher follows
    `teacher_weight_schedule`, that of labels stays; every loss with a temperature
    follows `temperature_schedule`.

    Raises:
        DistillError: a temperature or a weight shall change, but there is none, or it
            is where it would end.
    """
    objectives = [objective for stage in stages for objective in stage.objectives]
    if config.temperature_schedule != "constant" and not any(
        map(_has_temperature, objectives)
    ):
        raise DistillError(
            f"method {config.method} has no temperature that could change; leave "
            "temperature_schedule at constant."
        )
    if config.temperature_schedule != "constant" and config.temperature == 1:
        raise DistillError(
            f"temperature_schedule={config.temperature_schedule} takes the temperature "
            "from or to 1, where it is already; set temperature to the other end."
        )
    if config.teacher_weight_schedule != "constant" and not any(
        objective.needs_teacher for objective in objectives
    ):
        raise DistillError(
            f"method {config.method} learns nothing from the teacher whose weight "
            "could change; leave teacher_weight_schedule at constant."
        )
    return tuple(
        replace(
            stage,
            objectives=tuple(
                _scheduled(objective, config) for objective in stage.objectives
            ),
        )
        for stage in stages
    )


def _scheduled(objective: Objective, config: DistillConfig) -> Objective:
    changes = {}
    if objective.needs_teacher and config.teacher_weight_schedule != "constant":
        changes["weight"] = _SCHEDULES[config.teacher_weight_schedule](
            objective.weight, 0.0, config.teacher_weight_warmup
        )
    if config.temperature_schedule != "constant" and _has_temperature(objective):
        temperature = _SCHEDULES[config.temperature_schedule](
            objective.loss.keywords["temperature"], 1.0, config.temperature_warmup
        )
        changes["loss"] = partial(objective.loss, temperature=temperature)
    return replace(objective, **changes) if changes else objective


def _has_temperature(objective: Objective) -> bool:
    loss = getattr(objective, "loss", None)
    return isinstance(loss, partial) and "temperature" in loss.keywords
