"""Settings of the losses between layers, whichever method has them."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class LayerLossOptions(Options):
    """Which layers are compared, how much it counts, and how unlike ones are."""

    layer_map: str = option(
        "uniform",
        "Which teacher layer teaches which student layer: uniform, last, skip, the "
        "teacher's hidden states for the student's layers 1 to M such as 2,3,5,6, or "
        "hidden-state pairs student:teacher such as 0:0,1:2,2:3,3:5,4:6.",
    )
    attention_weight: float = option(1.0, "Weight of the attention loss.", minimum=0)
    hidden_weight: float = option(1.0, "Weight of the hidden-state loss.", minimum=0)
    hidden_projection: str | None = option(
        None,
        "Brings the student's hidden states to the teacher's width: shared (one "
        "matrix), per_layer, or none, which needs equal widths; by default shared in "
        "tinybert, tinybert_oneflow and pkd_oneflow, none in pkd, in distilbert shared "
        "where the widths differ.",
        choices=("shared", "per_layer", "none"),
    )
    attention_form: str | None = option(
        None,
        "Compare attention before the softmax (scores), by default in tinybert, or "
        "after it (probabilities), by default in tinybert_oneflow.",
        choices=("scores", "probabilities"),
    )
    attention_heads: str = option(
        "each",
        "Compare attention head by head (each), which needs as many in both models, "
        "or the mean over the heads.",
        choices=("each", "mean"),
    )
