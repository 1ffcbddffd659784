"""The trained maps that a student's start brings along."""

from collections.abc import Mapping

import keras
import numpy as np
from absl import logging

from distill_tf.checkpoints.hidden_projection import BIAS
from distill_tf.checkpoints.hidden_projection import KERNEL
from distill_tf.models.bert_config import BertConfig
from distill_tf.objectives.projections import FIT_DENSE
from distill_tf.objectives.projections import SharedProjection


def start_maps(
    hidden_projection: Mapping[str, np.ndarray] | None,
    teacher: BertConfig | None,
    precision: str,
) -> dict[str, keras.layers.Layer]:
    """Maps that the first stage goes on with, by their objectives' `projection_key`.

    Args:
        hidden_projection: what general distillation trained, or None.
        teacher: whose width it has to fit; None if that is no BERT.
        precision: dtype policy of the training.
    """
    if hidden_projection is None or teacher is None:
        return {}
    kernel = hidden_projection[KERNEL]
    if kernel.shape[1] != teacher.hidden_size:
        logging.info(
            "The student's start has a map to width %d, but the teacher has %d: a new "
            "one is trained where the method needs it.",
            kernel.shape[1],
            teacher.hidden_size,
        )
        return {}
    projection = SharedProjection(*kernel.shape, dtype=precision, name=FIT_DENSE)
    projection.set_weights([kernel, hidden_projection[BIAS]])
    return {FIT_DENSE: projection}
