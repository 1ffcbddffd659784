"""Settings of the method minilm."""

from dataclasses import dataclass

from distill_tf.config.options import Options
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class MiniLmOptions(Options):
    """What of self-attention minilm compares, and in which layer."""

    minilm_version: str = option(
        "v2",
        "What minilm compares: relations between queries, keys and values, with any "
        "numbers of heads (v2), or attention and relations between values (v1).",
        choices=("v1", "v2"),
    )
    minilm_relation_heads: int | None = option(
        None,
        "Relation heads, which must divide both widths; by default as many as do, up "
        "to 48, and in v1 the attention heads.",
        minimum=1,
    )
    minilm_teacher_layer: int | None = option(
        None,
        "The teacher layer to learn from, counted from 0; by default the last one.",
        minimum=0,
    )
