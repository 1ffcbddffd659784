"""Settings of the method distilbert."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class DistilBertOptions(Options):
    """Weights of distilbert's three losses."""

    distilbert_soft_weight: float = option(
        5.0, "Weight of the teacher's predictions in distilbert.", minimum=0
    )
    distilbert_label_weight: float = option(
        2.0, "Weight of the labels in distilbert.", minimum=0
    )
    distilbert_cosine_weight: float = option(
        1.0, "Weight of the last hidden states' directions in distilbert.", minimum=0
    )
