"""A BERT encoder with a head: the teacher, and the students of transformer kind."""

import keras
from keras import ops

from distill_tf.models.base_classifier import BaseClassifier
from distill_tf.models.bert import BertEncoder
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.dropout import Dropout
from distill_tf.models.initializers import truncated_normal
from distill_tf.models.pooling import check_pooling_strategy
from distill_tf.models.pooling import pool


@keras.saving.register_keras_serializable(package="distill_tf")
class BertClassifier(BaseClassifier):
    """Encoder -> pooled vector -> dropout -> linear layer.

    `pooling_strategy` is "cls" (the tanh pooler on the first token, as
    google-research/bert) or "mean" (the mean of the last hidden states over the
    tokens, padding left out, as VIRT). `num_classes` is 1 for regression.

    Calling the model gives the logits, float32 [B, num_classes].
    `compute_outputs` gives them with everything that the encoder hands out.
    """

    config_type = BertConfig

    def __init__(
        self,
        config: BertConfig,
        num_classes: int,
        pooling_strategy: str = "cls",
        **kwargs,
    ):
        super().__init__(config, num_classes, **kwargs)
        check_pooling_strategy(pooling_strategy)
        self.pooling_strategy = pooling_strategy
        self.encoder = BertEncoder(config, dtype=self.dtype_policy, name="encoder")
        self.dropout = Dropout(
            config.hidden_dropout_prob, dtype=self.dtype_policy, name="dropout"
        )
        self.output_dense = keras.layers.Dense(
            num_classes,
            kernel_initializer=truncated_normal(config.initializer_range),
            dtype=self.dtype_policy,
            name="output_dense",
        )
        self.build()

    def build(self, input_shape=None):
        self.encoder.build()
        self.output_dense.build((None, self.config.hidden_size))
        self.built = True

    def compute_outputs(self, inputs, training=None, layers=None) -> dict:
        """The encoder's outputs, and two more.

        `features` [B, H] is the pooled vector, `logits` float32 [B, num_classes].
        `layers`, functions with the signature of a `TransformerLayer`, run in place
        of the encoder's own.
        """
        outputs = self.encoder(inputs, training=training, layers=layers)
        features = pool(outputs, self.pooling_strategy)
        dropped = self.dropout(features, training=training)
        logits = ops.cast(self.output_dense(dropped), "float32")
        return {**outputs, "features": features, "logits": logits}

    def flops(self, length: int) -> int:
        """Operations of a forward pass over one example of `length` tokens."""
        return self.config.flops(length)

    def get_config(self):
        return {**super().get_config(), "pooling_strategy": self.pooling_strategy}
