"""Methods: how a student learns, as a list of stages. One file a method."""

from collections.abc import Callable

from distill_tf.config import DistillConfig
from distill_tf.methods.kd import kd
from distill_tf.methods.labels_only import labels_only
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.methods.tinybert import tinybert


def none(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """The student alone, without the teacher."""
    return labels_only(
        epochs=config.num_train_epochs,
        learning_rate=config.learning_rate,
        regression=sizes.regression,
    )


METHODS: dict[str, Callable[[DistillConfig, Sizes], tuple[Stage, ...]]] = {
    "kd": kd,
    "none": none,
    "tinybert": tinybert,
}

__all__ = ["METHODS", "Sizes", "Stage", "labels_only"]
