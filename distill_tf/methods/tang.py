"""Tang's distillation: the teacher's logits as a regression target."""

from distill_tf.config import DistillConfig
from distill_tf.methods.prediction import labels_against_logits
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage


def tang(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """alpha x label loss + (1 - alpha) x mean squared difference of the logits.

    Tang et al. (arXiv:1903.12136), weighted as in PaddleNLP's distill_lstm, where
    alpha is the share of the labels and 0 by default, as in the paper's main setting.
    castorini/d-bert adds both with weight 1: the direction of alpha = 0.5. The mean
    runs over the classes too, as in both.
    """
    return (
        labels_against_logits(
            config,
            sizes,
            loss="mse",
            label_weight=config.tang_alpha,
            name="logit_loss",
        ),
    )
