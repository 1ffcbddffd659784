"""A BERT without a head, to be taught or to teach layer by layer."""

from collections.abc import Mapping
from typing import Any

import keras

from distill_tf.models.bert import BertEncoder
from distill_tf.models.bert_config import BertConfig


class BertModel(keras.Model):
    """The encoder alone as a model; `compute_outputs` gives what the encoder gives."""

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.encoder = BertEncoder(config, dtype=self.dtype_policy, name="encoder")
        self.encoder.build()
        self.built = True

    def call(self, inputs, training=None):
        return self.compute_outputs(inputs, training=training)["pooled_output"]

    def compute_outputs(
        self, inputs: Mapping[str, Any], training: bool | None = None
    ) -> dict[str, Any]:
        """The *model outputs* of `BertEncoder`; there are no logits."""
        return self.encoder(inputs, training=training)
