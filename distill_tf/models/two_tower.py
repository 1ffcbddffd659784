"""A classifier of pairs whose two texts are encoded each by itself."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from distill_tf.models.base_classifier import BaseClassifier
from distill_tf.models.bert import BertEncoder
from distill_tf.models.interactions import INTERACTIONS
from distill_tf.models.interactions import SIDES
from distill_tf.models.interactions import Kept
from distill_tf.models.pair_head import PairHead
from distill_tf.models.two_tower_config import TwoTowerConfig


@keras.saving.register_keras_serializable(package="distill_tf")
class TwoTowerClassifier(BaseClassifier):
    """One encoder for both texts -> an interaction -> a head.

    A pair is a dict of `first` and `second`, each what `BertEncoder` takes, with
    `position_ids` [B, L] where the last token of a row stands after padding.
    `num_classes` is 1 for regression.

    Calling the model gives the logits, float32 [B, num_classes]. `encode` gives what
    is kept of one text, and `interact` the logits of two that were encoded; a call is
    nothing else than these.
    """

    config_type = TwoTowerConfig

    def __init__(self, config: TwoTowerConfig, num_classes: int, **kwargs):
        super().__init__(config, num_classes, **kwargs)
        self.encoder = BertEncoder(
            config.tower, dtype=self.dtype_policy, name="encoder"
        )
        self.interaction = INTERACTIONS[config.interaction](
            config, num_classes, dtype=self.dtype_policy, name="interaction"
        )
        self.head = None
        if not self.interaction.gives_logits:
            self.head = PairHead(
                config.bert,
                self.interaction.features_width,
                num_classes,
                is_residual=config.residual_head,
                dtype=self.dtype_policy,
                name="head",
            )
        self.build()

    def build(self, input_shape=None):
        self.encoder.build()
        self.interaction.build()
        if self.head is not None:
            self.head.build()
        self.built = True

    def compute_outputs(self, inputs, training=None) -> dict:
        """What both towers give, and what becomes of it.

        Returns:
            `first` and `second`, the encoder's outputs of each text; `features`
            [B, D]; `logits`, float32 [B, num_classes]; `padding_mask` [B, L1 + L2] of
            both texts.
        """
        towers = {side: self.encoder(inputs[side], training=training) for side in SIDES}
        kept = [self._keep(towers[side], inputs[side], side) for side in SIDES]
        features = self.interaction(*kept, training=training)
        return {
            **towers,
            "padding_mask": ops.concatenate(
                [inputs[side]["padding_mask"] for side in SIDES], axis=1
            ),
            "features": features,
            "logits": self._logits(features, training),
        }

    def encode(self, inputs: Mapping[str, Any], side: str) -> Kept:
        """What is kept of the texts of one side; see `Kept`.

        Args:
            inputs: of one side, as in a pair.
            side: "first" or "second".
        """
        return self._keep(self.encoder(inputs, training=False), inputs, side)

    def interact(self, first: Kept, second: Kept) -> Any:
        """The logits, float32 [B, num_classes], of encoded texts."""
        first, second = (
            Kept(ops.cast(side.vectors, self.compute_dtype), side.mask)
            for side in (first, second)
        )
        features = self.interaction(first, second, training=False)
        return self._logits(features, training=False)

    def _keep(self, outputs, inputs, side):
        position_ids = inputs.get("position_ids")
        if position_ids is None:
            position_ids = ops.arange(ops.shape(inputs["token_ids"])[1])
        return self.interaction.keep(outputs, position_ids, side)

    def _logits(self, features, training):
        if self.head is None:
            return ops.cast(features, "float32")
        return self.head(features, training=training)

    def flops(
        self, first_length: int, second_length: int, is_cached: bool = False
    ) -> int:
        """Operations of a forward pass over one pair; see `BertConfig.flops`.

        Args:
            first_length: tokens of the first tower, special ones included.
            second_length: those of the second one.
            is_cached: whether the second text was encoded before.
        """
        lengths = (first_length,) if is_cached else (first_length, second_length)
        towers = sum(self.encode_flops(length) for length in lengths)
        head = 0 if self.head is None else self.head.flops()
        return towers + self.interaction.flops(first_length, second_length) + head

    def encode_flops(self, length: int) -> int:
        """Operations of `encode` on one text."""
        return self.config.tower.flops(length) + self.interaction.keep_flops(length)
