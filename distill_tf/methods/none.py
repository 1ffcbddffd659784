"""The student alone, what every method is compared with."""

from distill_tf.config import DistillConfig
from distill_tf.methods.labels_only import labels_only
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage


def none(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """The labels alone, without the teacher."""
    return labels_only(
        epochs=config.num_train_epochs,
        learning_rate=config.learning_rate,
        regression=sizes.regression,
    )
