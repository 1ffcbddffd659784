"""Methods: how a student learns, as a list of stages. One file a method."""

from collections.abc import Callable
from importlib import import_module

from distill_tf.config import DistillConfig
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.config.method_table import METHOD_TABLE
from distill_tf.errors import DistillError
from distill_tf.methods.labels_only import labels_only
from distill_tf.methods.scheduled import scheduled
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage

Method = Callable[[DistillConfig, Sizes], tuple[Stage, ...]]

# A method is the function of its name in the file of its name.
METHODS: dict[str, Method] = {
    name: getattr(import_module(f"{__name__}.{name}"), name) for name in METHOD_TABLE
}


def check_method(config: DistillConfig) -> None:
    """Refuses a method that is not for this kind of student, before anything is read.

    Raises:
        DistillError: method virt for a student that is no two towers, or theseus with
            another kind of student, or the other way round.
    """
    if config.method == "virt" and config.model_type not in TOWER_TYPES:
        raise DistillError(
            "method virt teaches students that encode the two texts of a pair each by "
            f"itself, which {config.model_type} does not; choose model_type="
            f"{', '.join(TOWER_TYPES)}, or another method."
        )
    if config.method == "theseus" and config.model_type != "theseus":
        raise DistillError(
            "method theseus trains layers in the places of the teacher's, so it needs "
            f"model_type=theseus, but that is {config.model_type}; change one of them."
        )
    if config.model_type == "theseus" and config.method not in ("theseus", "none"):
        raise DistillError(
            "model_type theseus learns by method theseus (or none, from the labels "
            f"alone), but the method is {config.method}; for that one choose "
            "model_type=bert_pkd, a student of the same size."
        )


def build_stages(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """The stages of the configured method, with the configured schedules.

    Raises:
        DistillError: the method or its options do not fit the student, the teacher or
            the task.
    """
    check_method(config)
    if METHOD_TABLE[config.method].compares_layers:
        _check_layers(config, sizes)
    _check_temperature(config, sizes)
    stages = METHODS[config.method](config, sizes)
    # It is compared with the others under their flags, and learns from labels alone.
    return stages if config.method == "none" else scheduled(stages, config)


def _check_temperature(config: DistillConfig, sizes: Sizes) -> None:
    softens = "temperature" in METHOD_TABLE[config.method].options
    if not softens or config.temperature == 1:
        return
    if sizes.regression:
        without_classes = "in a regression"
    elif config.kd_loss == "mse":
        without_classes = "with kd_loss=mse"
    else:
        return
    raise DistillError(
        f"temperature softens probabilities, but {without_classes} outputs are "
        "compared as they are; leave temperature out."
    )


def _check_layers(config: DistillConfig, sizes: Sizes) -> None:
    others = ", ".join(_without_layers(sizes))
    if sizes.tower_tokens is not None or sizes.student_layers is None:
        raise DistillError(
            f"method {config.method} compares the transformer layers of models that "
            f"read the same tokens, which a {config.model_type} does not have; choose "
            f"one of {others}."
        )
    then_predictions = METHOD_TABLE[config.method].then_predictions
    predicts_only = then_predictions and not config.intermediate_distill
    if sizes.teacher_layers is None and not predicts_only:
        hint = ""
        if then_predictions:
            hint = ", or its second stage alone (intermediate_distill=false)"
        raise DistillError(
            f"method {config.method} looks into the teacher's layers, but several "
            "teachers, or a file, give logits alone; choose one of "
            f"{others}{hint}, or give a single init_checkpoint_teacher."
        )


def _without_layers(sizes: Sizes) -> list[str]:
    """What such a student can learn by from such a teacher without their layers."""
    # A theseus is no other kind of student.
    unfit = {name for name, entry in METHOD_TABLE.items() if entry.compares_layers}
    unfit.add("theseus")
    if sizes.tower_tokens is None:
        unfit.add("virt")
    if sizes.teacher_layers is None:
        unfit.add("factor_transfer")
    return [name for name in METHODS if name not in unfit]


__all__ = [
    "METHODS",
    "Sizes",
    "Stage",
    "build_stages",
    "check_method",
    "labels_only",
]
