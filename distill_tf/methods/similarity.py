"""Similarity-preserving distillation: alike for the teacher, alike for the student."""

from distill_tf.config import DistillConfig
from distill_tf.methods.logit_losses import logit_objective
from distill_tf.methods.prediction import predicting
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import SimilarityObjective


def similarity(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """Label loss + logit MSE + squared difference of Gram matrices, in one stage.

    The SPKD of bestahao/knowledge_distillnation (knowledge_distill, spkd_distill.py),
    which compares the logits' Gram matrices with all weights 1. Tung & Mori
    (arXiv:1907.09682) compare features and have no logit term: that is
    similarity_feature=features with logit_mse_weight=0. A term of weight 0 is left out.
    """
    objectives = (
        LabelObjective(name="label_loss", regression=sizes.regression),
        logit_objective(
            "mse", config, name="logit_loss", weight=config.logit_mse_weight
        ),
        SimilarityObjective(
            name="similarity_loss",
            weight=config.similarity_weight,
            feature=config.similarity_feature,
        ),
    )
    return (predicting(config, objectives),)
