"""Settings of method similarity."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class SimilarityOptions(Options):
    """What is compared across a batch, and the weights beside the labels' 1."""

    similarity_feature: str = option(
        "logits",
        "Method similarity: the examples of a batch are compared by their logits or "
        "by their features (the vectors under the head).",
        choices=("logits", "features"),
    )
    similarity_weight: float = option(
        1.0, "Method similarity: weight of the similarities.", minimum=0
    )
    logit_mse_weight: float = option(
        1.0,
        "Method similarity: weight of the mean squared difference of the logits.",
        minimum=0,
    )
