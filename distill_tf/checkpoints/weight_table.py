"""The one table of weight names: google-research/bert's, and our Keras variables.

Weights travel between formats as a dict of float32 arrays under the variable names
and shapes of google-research/bert, here called canonical. Kernels are [in, out];
the head's `output_weights` alone is [classes, hidden], as run_classifier.py has it.
"""

from dataclasses import dataclass

from distill_tf.models.bert_config import BertConfig

_HIDDEN, _INTERMEDIATE = "hidden_size", "intermediate_size"
_FUSED = "attention.query_key_value"

# (canonical name, Keras variable, shape in BertConfig's fields); a fourth entry is
# the third of the fused query | key | value columns that the canonical array fills.
_EMBEDDINGS = (
    ("word_embeddings", "word_embeddings", ("vocab_size", _HIDDEN)),
    (
        "position_embeddings",
        "position_embeddings",
        ("max_position_embeddings", _HIDDEN),
    ),
    ("token_type_embeddings", "token_type_embeddings", ("type_vocab_size", _HIDDEN)),
    ("LayerNorm/gamma", "layer_norm.gamma", (_HIDDEN,)),
    ("LayerNorm/beta", "layer_norm.beta", (_HIDDEN,)),
)
_LAYER = (
    ("attention/self/query/kernel", f"{_FUSED}.kernel", (_HIDDEN, _HIDDEN), 0),
    ("attention/self/query/bias", f"{_FUSED}.bias", (_HIDDEN,), 0),
    ("attention/self/key/kernel", f"{_FUSED}.kernel", (_HIDDEN, _HIDDEN), 1),
    ("attention/self/key/bias", f"{_FUSED}.bias", (_HIDDEN,), 1),
    ("attention/self/value/kernel", f"{_FUSED}.kernel", (_HIDDEN, _HIDDEN), 2),
    ("attention/self/value/bias", f"{_FUSED}.bias", (_HIDDEN,), 2),
    (
        "attention/output/dense/kernel",
        "attention.output_dense.kernel",
        (_HIDDEN, _HIDDEN),
    ),
    ("attention/output/dense/bias", "attention.output_dense.bias", (_HIDDEN,)),
    ("attention/output/LayerNorm/gamma", "attention.layer_norm.gamma", (_HIDDEN,)),
    ("attention/output/LayerNorm/beta", "attention.layer_norm.beta", (_HIDDEN,)),
    (
        "intermediate/dense/kernel",
        "feed_forward.intermediate_dense.kernel",
        (_HIDDEN, _INTERMEDIATE),
    ),
    (
        "intermediate/dense/bias",
        "feed_forward.intermediate_dense.bias",
        (_INTERMEDIATE,),
    ),
    (
        "output/dense/kernel",
        "feed_forward.output_dense.kernel",
        (_INTERMEDIATE, _HIDDEN),
    ),
    ("output/dense/bias", "feed_forward.output_dense.bias", (_HIDDEN,)),
    ("output/LayerNorm/gamma", "feed_forward.layer_norm.gamma", (_HIDDEN,)),
    ("output/LayerNorm/beta", "feed_forward.layer_norm.beta", (_HIDDEN,)),
)
_POOLER = (
    ("pooler/dense/kernel", "pooler.kernel", (_HIDDEN, _HIDDEN)),
    ("pooler/dense/bias", "pooler.bias", (_HIDDEN,)),
)

POOLER_NAMES = tuple(f"bert/{name}" for name, *_ in _POOLER)
HEAD_NAMES = ("output_weights", "output_bias")


@dataclass(frozen=True)
class EncoderWeight:
    """A row of the table.

    `name` is canonical, `path` the Keras variable's path from the encoder, `shape`
    the canonical array's in field names of `BertConfig`. `third`, where not None,
    is the third of the Keras variable's last axis that the array fills.
    """

    name: str
    path: str
    shape: tuple[str, ...]
    third: int | None = None

    def shape_under(self, config: BertConfig) -> tuple[int, ...]:
        return tuple(getattr(config, field) for field in self.shape)


def encoder_weights(config: BertConfig) -> list[EncoderWeight]:
    """The rows of an encoder of this size, pooler included, in layer order."""
    rows = [
        EncoderWeight(f"bert/embeddings/{name}", f"embeddings.{path}", shape)
        for name, path, shape in _EMBEDDINGS
    ]
    rows += [
        EncoderWeight(
            f"bert/encoder/layer_{i}/{name}", f"transformer_layers.{i}.{path}", *rest
        )
        for i in range(config.num_hidden_layers)
        for name, path, *rest in _LAYER
    ]
    rows += [
        EncoderWeight(f"bert/{name}", path, shape) for name, path, shape in _POOLER
    ]
    return rows
