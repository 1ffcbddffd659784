"""Word, position and segment embeddings of BERT."""

import keras
from keras import ops

from distill_tf.models.bert_config import BertConfig
from distill_tf.models.dropout import Dropout
from distill_tf.models.initializers import truncated_normal
from distill_tf.models.layer_norm import LayerNorm


class BertEmbeddings(keras.layers.Layer):
    """LayerNorm(word + position + segment), then dropout.

    Takes `token_ids` and `segment_ids`, integers of shape [B, L], and perhaps
    `position_ids` of that shape, without which positions are 0 to L - 1; gives the
    embeddings as rows, [B * L, H].
    """

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.layer_norm = LayerNorm(
            epsilon=config.layer_norm_eps, dtype=self.dtype_policy, name="layer_norm"
        )
        self.dropout = Dropout(
            config.hidden_dropout_prob, dtype=self.dtype_policy, name="dropout"
        )

    def build(self, input_shape=None):
        config = self.config
        for name, rows in (
            ("word_embeddings", config.vocab_size),
            ("position_embeddings", config.max_position_embeddings),
            ("token_type_embeddings", config.type_vocab_size),
        ):
            table = self.add_weight(
                name=name,
                shape=(rows, config.hidden_size),
                initializer=truncated_normal(config.initializer_range),
                # Casting the rows that were looked up is far cheaper than casting
                # the whole table, and leaves its gradient sparse. The three are summed
                # before they are rounded, whatever the policy.
                autocast=False,
                dtype="float32",
            )
            setattr(self, name, table)
        self.layer_norm.build((None, config.hidden_size))
        super().build(input_shape)

    def call(self, token_ids, segment_ids, position_ids=None, training=None):
        if position_ids is None:
            positions = self.position_embeddings[: ops.shape(token_ids)[1]]
        else:
            positions = ops.take(self.position_embeddings, position_ids, axis=0)
        embeddings = (
            ops.take(self.word_embeddings, token_ids, axis=0)
            + ops.take(self.token_type_embeddings, segment_ids, axis=0)
            + positions
        )
        rows = ops.reshape(embeddings, (-1, self.config.hidden_size))
        rows = self.layer_norm(ops.cast(rows, self.compute_dtype))
        return self.dropout(rows, training=training)
