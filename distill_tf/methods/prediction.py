"""The stage that learns to predict, from labels and from the teacher."""

from collections.abc import Sequence

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods.logit_losses import logit_objective
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import Objective


def prediction_stage(
    config: DistillConfig,
    sizes: Sizes,
    *,
    label_weight: float,
    soft_weight: float,
    beside: Sequence[Objective] = (),
) -> Stage:
    """label_weight x label loss + soft_weight x soft cross-entropy + what is beside.

    The soft cross-entropy is a batch mean times the squared temperature; in a
    regression it is the squared difference to the teacher's output. Linear warm-up
    and decay of the learning rate, best weights.

    Args:
        config: the temperature, epochs, peak of the learning rate.
        sizes: whether it is a regression.
        label_weight: of the data set's labels.
        soft_weight: of the teacher's predictions.
        beside: objectives of the method's own.

    Raises:
        DistillError: no term has a weight above 0.
    """
    soft = logit_objective(
        "mse" if sizes.regression else "soft_ce",
        config,
        name="soft_label_loss",
        weight=soft_weight,
    )
    label = LabelObjective(
        name="label_loss", weight=label_weight, regression=sizes.regression
    )
    objectives = tuple(
        objective for objective in (label, soft, *beside) if objective.weight
    )
    if not objectives:
        raise DistillError(
            f"method {config.method} has nothing to learn from, as all of its weights "
            "are 0; set one above 0."
        )
    return Stage(
        name="prediction",
        objectives=objectives,
        epochs=config.num_train_epochs,
        learning_rate=config.learning_rate,
    )
