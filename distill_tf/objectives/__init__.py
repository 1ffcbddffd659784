"""Objectives: what a student is trained towards, as data.

An objective names a loss, its weight, and the model outputs that it compares. The
Distiller evaluates a list of them on every batch.
"""

from distill_tf.objectives.class_rule import ClassRule
from distill_tf.objectives.factors import ParaphraserObjective
from distill_tf.objectives.factors import TranslatorObjective
from distill_tf.objectives.labels import LabelObjective
from distill_tf.objectives.layers import LayerObjective
from distill_tf.objectives.logits import LogitObjective
from distill_tf.objectives.masked_lm import MaskedLmLabelObjective
from distill_tf.objectives.masked_lm import MaskedLmLogitObjective
from distill_tf.objectives.objective import Features
from distill_tf.objectives.objective import ModelOutputs
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.objective import merge
from distill_tf.objectives.relations import RelationObjective
from distill_tf.objectives.schedule import Schedule
from distill_tf.objectives.similarity import SimilarityObjective

__all__ = [
    "ClassRule",
    "Features",
    "LabelObjective",
    "LayerObjective",
    "LogitObjective",
    "MaskedLmLabelObjective",
    "MaskedLmLogitObjective",
    "ModelOutputs",
    "Objective",
    "ParaphraserObjective",
    "RelationObjective",
    "Schedule",
    "SimilarityObjective",
    "TranslatorObjective",
    "merge",
]
