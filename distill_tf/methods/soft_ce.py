"""OneFlow's distillation of an LSTM: soft cross-entropy with the teacher and labels."""

from distill_tf.config import DistillConfig
from distill_tf.methods.logit_losses import logit_objective
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LabelObjective


def soft_ce(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """(1 - alpha) x label loss + alpha x soft cross-entropy, in one stage.

    Oneflow-Inc/Oneflow-Model-Compression (distilled-bilstm, task_student_kd_lstm.py),
    where alpha, 0.7 in its scripts, is the share of the teacher: the other way round
    than in its KD and in method kd, which with kd_alpha = 1 - alpha has the same loss.
    OneFlow averages the soft term over classes as well and does not multiply it by
    the squared temperature; here it is a batch mean with T^2.
    """
    return (
        Stage(
            name="prediction",
            objectives=(
                LabelObjective(
                    name="label_loss",
                    weight=1 - config.soft_ce_alpha,
                    regression=sizes.regression,
                ),
                logit_objective(
                    "soft_ce",
                    config,
                    name="soft_label_loss",
                    weight=config.soft_ce_alpha,
                ),
            ),
            epochs=config.num_train_epochs,
            learning_rate=config.learning_rate,
        ),
    )
