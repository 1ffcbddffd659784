"""One vector a text from the outputs of a BERT encoder."""

from collections.abc import Mapping
from typing import Any

from keras import ops

from distill_tf.models.masked_pooling import masked_mean

POOLING_STRATEGIES = ("cls", "mean")


def check_pooling_strategy(strategy: str) -> None:
    """ValueError for an unknown strategy."""
    if strategy not in POOLING_STRATEGIES:
        raise ValueError(
            f"pooling_strategy must be one of {POOLING_STRATEGIES}, but is {strategy!r}"
        )


def pool(outputs: Mapping[str, Any], strategy: str):
    """A text's vector [B, H].

    Args:
        outputs: of a `BertEncoder`.
        strategy: "cls" (the tanh pooler on the first token, as google-research/bert)
            or "mean" (the mean of the last hidden states over the tokens, padding
            left out, in float32, as VIRT).
    """
    if strategy == "cls":
        return outputs["pooled_output"]
    states = ops.cast(outputs["hidden_states"][-1], "float32")
    return masked_mean(states, outputs["padding_mask"])
