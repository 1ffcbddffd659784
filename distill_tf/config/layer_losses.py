"""Settings of the losses between layers, whichever method has them."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class LayerLossOptions(Options):
    """How layers of different widths and numbers of heads are compared."""

    hidden_projection: str | None = option(
        None,
        "Brings the student's hidden states to the teacher's width: shared (one "
        "matrix), per_layer, or none, which needs equal widths; by default shared in "
        "tinybert and pkd_oneflow, none in pkd and distilbert.",
        choices=("shared", "per_layer", "none"),
    )
    attention_heads: str = option(
        "each",
        "Compare attention head by head (each), which needs as many in both models, "
        "or the mean over the heads.",
        choices=("each", "mean"),
    )
