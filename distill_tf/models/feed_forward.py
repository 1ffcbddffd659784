"""The position-wise feed-forward block of a BERT layer."""

import keras

from distill_tf.models.bert_config import BertConfig
from distill_tf.models.dense import Dense
from distill_tf.models.dropout import Dropout
from distill_tf.models.initializers import truncated_normal
from distill_tf.models.layer_norm import LayerNorm


class FeedForward(keras.layers.Layer):
    """LayerNorm(x + dropout(W2 act(W1 x))) on rows [B * L, H]."""

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        initializer = truncated_normal(config.initializer_range)
        self.intermediate_dense = Dense(
            config.intermediate_size,
            config.hidden_act,
            kernel_initializer=initializer,
            dtype=self.dtype_policy,
            name="intermediate_dense",
        )
        self.output_dense = Dense(
            config.hidden_size,
            kernel_initializer=initializer,
            dtype=self.dtype_policy,
            name="output_dense",
        )
        self.layer_norm = LayerNorm(
            epsilon=config.layer_norm_eps, dtype=self.dtype_policy, name="layer_norm"
        )
        self.dropout = Dropout(
            config.hidden_dropout_prob, dtype=self.dtype_policy, name="dropout"
        )

    def build(self, input_shape=None):
        self.intermediate_dense.build((None, self.config.hidden_size))
        self.output_dense.build((None, self.config.intermediate_size))
        self.layer_norm.build((None, self.config.hidden_size))
        super().build(input_shape)

    def call(self, rows, training=None):
        intermediate = self.intermediate_dense(rows, training=training)
        update = self.output_dense(intermediate, training=training)
        return self.layer_norm(rows + self.dropout(update, training=training))
