"""Factor transfer: a paraphrase of the teacher, and a student that is led to it."""

from functools import partial

from distill_tf.config import DistillConfig
from distill_tf.losses import factor_distance
from distill_tf.losses import factor_mse
from distill_tf.methods.prediction import predicting
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import ParaphraserObjective
from distill_tf.objectives import TranslatorObjective


def factor_transfer(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """Kim et al. (arXiv:1802.04977), for sequences, in two stages.

    1. paraphraser: an LSTM auto-encoder learns to tell the teacher's last hidden
       states from one vector, the factor. The student is not touched.
    2. translator: label loss + factor_weight x distance of the factors. The student's
       comes from an LSTM step over its features, trained with it.

    The maps are those of bestahao/knowledge_distillnation (knowledge_distill,
    ft_distill.py); factor_form chooses between the paper's distance and the source's.
    Differs from the source in three ways: padding is never read and counts in no mean;
    both stages see batches in the same layout; and teacher forcing is not random (see
    `Paraphraser`).
    """
    paraphraser = Stage(
        name="paraphraser",
        objectives=(
            ParaphraserObjective(
                name="paraphraser_loss", factor_size=config.factor_size
            ),
        ),
        epochs=config.paraphraser_epochs,
        learning_rate=config.paraphraser_learning_rate,
        selects_best=False,
        trains_student=False,
    )
    objectives = (
        LabelObjective(name="label_loss", regression=sizes.regression),
        TranslatorObjective(
            name="factor_loss",
            weight=config.factor_weight,
            factor_size=config.factor_size,
            loss=partial(factor_distance, norm=config.factor_norm)
            if config.factor_form == "paper"
            else factor_mse,
        ),
    )
    translator = predicting(config, objectives, name="translator")
    # Without a weight nobody asks what a paraphrase says.
    return (paraphraser, translator) if config.factor_weight else (translator,)
