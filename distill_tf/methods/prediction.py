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
    return predicting(config, (label, soft, *beside))


def labels_against_logits(
    config: DistillConfig,
    sizes: Sizes,
    *,
    loss: str,
    label_weight: float,
    name: str = "soft_label_loss",
) -> Stage:
    """label_weight x label loss + (1 - label_weight) x a loss between predictions.

    Args:
        config: what the loss depends on, epochs, peak of the learning rate.
        sizes: whether it is a regression.
        loss: a name in `LOGIT_LOSSES`.
        label_weight: the share of the data set's labels, 0 to 1.
        name: what the progress bar calls the second term.
    """
    label = LabelObjective(
        name="label_loss", weight=label_weight, regression=sizes.regression
    )
    logits = logit_objective(loss, config, name=name, weight=1 - label_weight)
    return predicting(config, (label, logits))


def predicting(
    config: DistillConfig, objectives: Sequence[Objective], name: str = "prediction"
) -> Stage:
    """The stage that every method ends with: linear schedule, best weights.

    Args:
        config: epochs, peak of the learning rate.
        objectives: the terms; one of weight 0 is left out, and no teacher runs for it.
        name: the stage's.

    Raises:
        DistillError: no term has a weight above 0.
    """
    weighted = tuple(objective for objective in objectives if objective.weight)
    if not weighted:
        raise DistillError(
            f"method {config.method} has nothing to learn from, as all weights of its "
            f"stage {name} are 0; set one above 0."
        )
    return Stage(
        name=name,
        objectives=weighted,
        epochs=config.num_train_epochs,
        learning_rate=config.learning_rate,
    )
