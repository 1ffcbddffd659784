"""The sizes and constants of a BERT encoder."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from pathlib import Path
from typing import Any

from distill_tf.errors import DistillError
from distill_tf.models.activations import ACTIVATIONS


@dataclass(frozen=True, kw_only=True)
class BertConfig:
    """Hyper-parameters of `BertEncoder`, under google-research/bert's names.

    `hidden_act` names the function itself, since the two GELUs differ by up to
    5e-4: "gelu_tanh" (google-research/bert) or "gelu_erf" (Hugging Face's "gelu").
    """

    vocab_size: int
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = "gelu_tanh"
    hidden_dropout_prob: float = 0.1
    attention_probs_dropout_prob: float = 0.1
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12

    def __post_init__(self):
        for name in (
            "vocab_size",
            "hidden_size",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "max_position_embeddings",
            "type_vocab_size",
        ):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise DistillError(
                    f"{name} of a BERT must be a whole number of at least 1, "
                    f"but is {value!r}; correct the configuration."
                )
        for name in ("hidden_dropout_prob", "attention_probs_dropout_prob"):
            value = getattr(self, name)
            if not 0 <= value < 1:
                raise DistillError(
                    f"{name} must lie in [0, 1), but is {value!r}; correct the "
                    "configuration."
                )
        if self.hidden_size % self.num_attention_heads:
            raise DistillError(
                f"hidden_size ({self.hidden_size}) must be a multiple of "
                f"num_attention_heads ({self.num_attention_heads}); choose another "
                "number of heads."
            )
        if self.hidden_act not in ACTIVATIONS:
            raise DistillError(
                f"hidden_act must be one of {', '.join(sorted(ACTIVATIONS))}, but is "
                f"{self.hidden_act!r}; correct the configuration."
            )

    @property
    def head_size(self) -> int:
        return self.hidden_size // self.num_attention_heads

    def flops(self, length: int) -> int:
        """Floating-point operations of the encoder's layers on one example.

        Twice the multiply-adds of the matrix products:
        layers x (8 n H^2 + 4 n^2 H + 4 n H I), for n tokens, width H and feed-forward
        width I. BERT-base at n = 128 has 22.35 billion, a 4-layer TinyBERT 1.25.
        """
        n, width = length, self.hidden_size
        attention = 8 * n * width**2 + 4 * n**2 * width
        feed_forward = 4 * n * width * self.intermediate_size
        return self.num_hidden_layers * (attention + feed_forward)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "BertConfig":
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise DistillError(
                f"a BERT configuration has no {', '.join(sorted(unknown))}; remove "
                "the key or correct its name."
            )
        return cls(**values)

    @classmethod
    def load(cls, path: str | Path) -> "BertConfig":
        """Reads what `to_dict` gave to json."""
        return cls.from_dict(json.loads(Path(path).read_text("utf-8")))
