"""Multi-head self-attention that hands out its queries, keys, values and scores."""

import math

import keras
from keras import ops

from distill_tf.models.bert_config import BertConfig
from distill_tf.models.dense import Dense
from distill_tf.models.dropout import Dropout
from distill_tf.models.initializers import truncated_normal
from distill_tf.models.layer_norm import LayerNorm

# Added to the scores of padding before the softmax: exp of it is 0 in float32.
_PADDING_BIAS = -10000.0


class SelfAttention(keras.layers.Layer):
    """The attention block of a BERT layer with its residual LayerNorm.

    One matrix product gives queries, keys and values together, and hidden states
    travel as rows [B * L, H], because 2-D products are the fast ones.
    """

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        initializer = truncated_normal(config.initializer_range)
        self.query_key_value = Dense(
            3 * config.hidden_size,
            kernel_initializer=initializer,
            dtype=self.dtype_policy,
            name="query_key_value",
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
        self.attention_dropout = Dropout(
            config.attention_probs_dropout_prob,
            dtype=self.dtype_policy,
            name="attention_dropout",
        )
        self.dropout = Dropout(
            config.hidden_dropout_prob, dtype=self.dtype_policy, name="dropout"
        )

    def build(self, input_shape=None):
        for layer in (self.query_key_value, self.output_dense, self.layer_norm):
            layer.build((None, self.config.hidden_size))
        super().build(input_shape)

    def call(self, rows, padding_mask, training=None):
        """Attends over the sequence.

        Args:
            rows: hidden states [B * L, H].
            padding_mask: [B, L] bool, true at tokens.

        Returns:
            New rows [B * L, H] and a dict of `queries`, `keys`, `values`
            [B, heads, L, d] and `attention_scores` [B, heads, L, L], which are
            QK^T / sqrt(d) before the mask and the softmax.
        """
        heads, head_size = self.config.num_attention_heads, self.config.head_size
        batch, length = ops.shape(padding_mask)[0], ops.shape(padding_mask)[1]
        fused = ops.reshape(
            self.query_key_value(rows, training=training),
            (batch, length, 3, heads, head_size),
        )
        queries, keys, values = ops.unstack(
            ops.transpose(fused, (2, 0, 3, 1, 4)), 3, axis=0
        )
        scores = ops.matmul(
            queries * (1 / math.sqrt(head_size)), ops.transpose(keys, (0, 1, 3, 2))
        )
        attention_bias = ops.expand_dims(
            ops.where(padding_mask, 0.0, _PADDING_BIAS), (1, 2)
        )
        probabilities = ops.softmax(ops.cast(scores, "float32") + attention_bias)
        probabilities = ops.cast(probabilities, self.compute_dtype)
        probabilities = self.attention_dropout(probabilities, training=training)
        context = ops.reshape(
            ops.transpose(ops.matmul(probabilities, values), (0, 2, 1, 3)),
            (-1, self.config.hidden_size),
        )
        update = self.output_dense(context, training=training)
        update = self.dropout(update, training=training)
        insides = {
            "queries": queries,
            "keys": keys,
            "values": values,
            "attention_scores": scores,
        }
        return self.layer_norm(rows + update), insides
