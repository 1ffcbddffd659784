"""Settings of python -m distill_tf.evaluation.flops."""

from dataclasses import dataclass

from distill_tf.config.distill import TOWER_TYPES
from distill_tf.config.options import Options
from distill_tf.config.options import option

CROSS_ENCODER = "cross_encoder"
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class FlopsConfig(Options):
    """Which models' operations to count, at which lengths and sizes."""

    model_type: str = option(
        ALL,
        "The model: cross_encoder (one BERT that reads both texts), a kind of student "
        "with two towers, or all of them.",
        choices=(ALL, CROSS_ENCODER, *TOWER_TYPES),
    )
    max_seq_length_query: int = option(
        130, "Tokens of the first tower, [CLS] and [SEP] among them.", minimum=3
    )
    max_seq_length_doc: int = option(
        130, "Tokens of the second tower, [CLS] and [SEP] among them.", minimum=3
    )
    num_hidden_layers: int = option(12, "Layers of the BERT.", minimum=2)
    hidden_size: int = option(768, "Width of the BERT.", minimum=1)
    num_attention_heads: int = option(12, "Attention heads of the BERT.", minimum=1)
    intermediate_size: int = option(
        3072, "Width of the BERT's feed-forward layers.", minimum=1
    )
    num_classes: int = option(2, "Classes of the task.", minimum=1)
    latency: bool = option(True, "Also time the models, in float32.")
    batch_size: int = option(1, "Pairs a timed call.", minimum=1)
    num_threads: int = option(
        0, "Threads that compute one operation; 0: one a core.", minimum=0
    )
    output: str = option("", "A JSON file that gets what the table shows.")
