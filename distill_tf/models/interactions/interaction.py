"""What every way of joining two towers offers to the classifier."""

from abc import ABC
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

import keras
from keras import ops

from distill_tf.models.pooling import pool
from distill_tf.models.two_tower_config import TwoTowerConfig

SIDES = ("first", "second")


class Kept(NamedTuple):
    """What is kept of a batch of texts when their tower has run.

    Attributes:
        vectors: [B, K, W].
        mask: [B, K] bool, true where a vector counts.
    """

    vectors: Any
    mask: Any


class Interaction(keras.layers.Layer, ABC):
    """From what is kept of two texts, each encoded by itself, to the pair's features.

    The work is cut where a document's part ends, so that it can be done before the
    query is known: `keep` belongs to one text, `call` to the pair.
    """

    def __init__(self, config: TwoTowerConfig, num_classes: int, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.num_classes = num_classes

    def build(self, input_shape=None):
        self.built = True

    @property
    @abstractmethod
    def features_width(self) -> int:
        """Numbers in a pair's features."""

    @property
    def kept_width(self) -> int:
        """Numbers in each vector that is kept."""
        return self.config.bert.hidden_size

    @property
    def gives_logits(self) -> bool:
        """Whether the features are the logits themselves, without a head."""
        return False

    @abstractmethod
    def keep(self, outputs: Mapping[str, Any], position_ids: Any, side: str) -> Kept:
        """What is kept of a text.

        Args:
            outputs: the encoder's, of the texts of one side.
            position_ids: [B, L], those of the full length.
            side: "first" or "second".
        """

    @abstractmethod
    def call(self, first: Kept, second: Kept, training: bool | None = None) -> Any:
        """The features [B, features_width] of pairs."""

    @abstractmethod
    def flops(self, first_length: int, second_length: int) -> int:
        """Operations of `call` on one pair, twice the multiply-adds of the products.

        Args:
            first_length: tokens of the first tower, special ones included.
            second_length: those of the second one.
        """

    def keep_flops(self, length: int) -> int:
        """Operations of `keep` on one text of that many tokens."""
        return 0


def every_token(outputs: Mapping[str, Any]) -> Kept:
    """The last hidden states of all tokens."""
    return Kept(outputs["hidden_states"][-1], outputs["padding_mask"])


def first_tokens(outputs: Mapping[str, Any], position_ids: Any, count: int) -> Kept:
    """The last hidden states of the positions before `count`.

    A row's last token has the position that it has at full length: it does not move
    into the first ones where a batch is padded to less.
    """
    mask = outputs["padding_mask"] & (position_ids < count)
    return Kept(outputs["hidden_states"][-1][:, :count], mask[:, :count])


def one_vector(outputs: Mapping[str, Any], pooling_strategy: str) -> Kept:
    """A text's pooled vector."""
    vector = ops.cast(
        pool(outputs, pooling_strategy), outputs["hidden_states"][-1].dtype
    )
    return Kept(
        ops.expand_dims(vector, 1), ops.ones_like(outputs["padding_mask"][:, :1])
    )
