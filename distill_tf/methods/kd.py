"""Knowledge distillation from predictions and labels."""

from functools import partial

from distill_tf.config import DistillConfig
from distill_tf.losses import logit_mse
from distill_tf.losses import soft_cross_entropy
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import LogitObjective


def kd(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """alpha x label loss + (1 - alpha) x soft cross-entropy, in one stage.

    Hinton et al. (arXiv:1503.02531), with the weights as in OneFlow's KD
    (Oneflow-Inc/Oneflow-Model-Compression, task_student_kd.py), where alpha is the
    share of the labels. OneFlow averages the soft term over classes as well and does
    not multiply it by the squared temperature; here it is a batch mean with T^2. In
    a regression the soft term is the squared difference to the teacher's output.
    """
    soft_loss = (
        logit_mse
        if sizes.regression
        else partial(soft_cross_entropy, temperature=config.temperature)
    )
    return (
        Stage(
            name="prediction",
            objectives=(
                LabelObjective(
                    name="label_loss",
                    weight=config.kd_alpha,
                    regression=sizes.regression,
                ),
                LogitObjective(
                    name="soft_label_loss", weight=1 - config.kd_alpha, loss=soft_loss
                ),
            ),
            epochs=config.num_train_epochs,
            learning_rate=config.learning_rate,
        ),
    )
