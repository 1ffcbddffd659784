"""OneFlow's distillation of an LSTM: soft cross-entropy with the teacher and labels."""

from distill_tf.config import DistillConfig
from distill_tf.methods.prediction import labels_against_logits
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage


def soft_ce(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """(1 - alpha) x label loss + alpha x soft cross-entropy, in one stage.

    Oneflow-Inc/Oneflow-Model-Compression (distilled-bilstm, task_student_kd_lstm.py),
    where alpha, 0.7 in its scripts, is the share of the teacher: the other way round
    than in its KD and in method kd, which with kd_alpha = 1 - alpha has the same loss.
    OneFlow averages the soft term over classes as well and does not multiply it by
    the squared temperature; here it is a batch mean with T^2.
    """
    alpha = 0.7 if config.soft_ce_alpha is None else config.soft_ce_alpha
    return (
        labels_against_logits(config, sizes, loss="soft_ce", label_weight=1 - alpha),
    )
