"""Knowledge distillation from predictions and labels."""

from distill_tf.config import DistillConfig
from distill_tf.methods.prediction import labels_against_logits
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage


def kd(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """alpha x label loss + (1 - alpha) x a loss between predictions, in one stage.

    Hinton et al. (arXiv:1503.02531), with the weights as in OneFlow's KD
    (Oneflow-Inc/Oneflow-Model-Compression, task_student_kd.py), where alpha is the
    share of the labels. OneFlow averages the soft term over classes as well and does
    not multiply it by the squared temperature; here it is a batch mean with T^2.

    kd_loss names another loss between predictions (see `LOGIT_LOSSES`). Without it,
    that is the soft cross-entropy, and in a regression the squared difference to the
    teacher's output.
    """
    loss = config.kd_loss or ("mse" if sizes.regression else "soft_ce")
    alpha = 0.8 if config.kd_alpha is None else config.kd_alpha
    return (labels_against_logits(config, sizes, loss=loss, label_weight=alpha),)
