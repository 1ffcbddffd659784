"""The sizes of a two-tower classifier."""

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from distill_tf.models.bert_config import BertConfig
from distill_tf.models.interaction_names import INTERACTION_NAMES
from distill_tf.models.pooling import check_pooling_strategy


@dataclass(frozen=True, kw_only=True)
class TwoTowerConfig:
    """Hyper-parameters of `TwoTowerClassifier`.

    Attributes:
        bert: the encoder that both towers share; of a deformer, the layer above the
            towers is the last of its layers.
        interaction: what joins the towers, one of `INTERACTION_NAMES`.
        pooling_strategy: how a tower's tokens become one vector, "mean" or "cls",
            where an interaction wants one.
        residual_head: whether a residual layer lies under the linear one.
        poly_first_m: document tokens that poly attends to.
        colbert_dim: width of a token's vector in col.
        strict_virt: averages over padding as well, as VIRT's code does.
    """

    bert: BertConfig
    interaction: str
    pooling_strategy: str = "mean"
    residual_head: bool = False
    poly_first_m: int = 64
    colbert_dim: int = 128
    strict_virt: bool = False

    def __post_init__(self):
        check_pooling_strategy(self.pooling_strategy)
        if self.interaction not in INTERACTION_NAMES:
            raise ValueError(
                f"interaction must be one of {', '.join(INTERACTION_NAMES)}, but is "
                f"{self.interaction!r}"
            )
        if self.interaction == "deformer" and self.bert.num_hidden_layers < 2:
            raise ValueError(
                "a deformer needs at least 2 layers, one in the towers and one above"
            )

    @property
    def tower(self) -> BertConfig:
        """The encoder without the layer that reads both texts."""
        joint_layers = 1 if self.interaction == "deformer" else 0
        layers = self.bert.num_hidden_layers - joint_layers
        return replace(self.bert, num_hidden_layers=layers)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TwoTowerConfig":
        return cls(**{**values, "bert": BertConfig.from_dict(values["bert"])})
