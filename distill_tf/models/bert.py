"""The BERT encoder, with everything that distillation looks at as named outputs."""

import keras
from keras import ops

from distill_tf.models.bert_config import BertConfig
from distill_tf.models.embeddings import BertEmbeddings
from distill_tf.models.feed_forward import FeedForward
from distill_tf.models.initializers import truncated_normal
from distill_tf.models.self_attention import SelfAttention


class TransformerLayer(keras.layers.Layer):
    """One post-norm BERT layer on rows [B * L, H]."""

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.attention = SelfAttention(
            config, dtype=self.dtype_policy, name="attention"
        )
        self.feed_forward = FeedForward(
            config, dtype=self.dtype_policy, name="feed_forward"
        )

    def build(self, input_shape=None):
        self.attention.build()
        self.feed_forward.build()
        super().build(input_shape)

    def call(self, rows, padding_mask, training=None):
        rows, insides = self.attention(rows, padding_mask, training=training)
        return self.feed_forward(rows, training=training), insides


class BertEncoder(keras.layers.Layer):
    """BERT of Devlin et al. (arXiv:1810.04805), post-norm, with tanh pooler.

    Equal to google-research/bert, Hugging Face's BertModel and KerasHub's
    BertBackbone on the same weights. Differs from them in what it gives back.

    Takes a dict of `token_ids` and `segment_ids`, integers [B, L], and
    `padding_mask`, bool [B, L], true at tokens; `position_ids`, integers [B, L], where
    they are not 0 to L - 1. Gives a dict, the *model outputs*:

    * `hidden_states`: N + 1 tensors [B, L, H]; index 0 is the embeddings;
    * `first_token_states`: of each of these the first token's, [CLS], [B, H];
    * `pooled_output`: [B, H], tanh of a dense layer on the first token;
    * `attention_scores`: N tensors [B, heads, L, L], QK^T / sqrt(d) before mask
      and softmax;
    * `queries`, `keys`, `values`: N tensors [B, heads, L, d] each;
    * `padding_mask`: the input's.

    In a graph, outputs that nobody reads are not computed.
    """

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.embeddings = BertEmbeddings(
            config, dtype=self.dtype_policy, name="embeddings"
        )
        self.transformer_layers = [
            TransformerLayer(config, dtype=self.dtype_policy, name=f"layer_{i}")
            for i in range(config.num_hidden_layers)
        ]
        self.pooler = keras.layers.Dense(
            config.hidden_size,
            activation="tanh",
            kernel_initializer=truncated_normal(config.initializer_range),
            dtype=self.dtype_policy,
            name="pooler",
        )

    def build(self, input_shape=None):
        self.embeddings.build()
        for layer in self.transformer_layers:
            layer.build()
        self.pooler.build((None, self.config.hidden_size))
        super().build(input_shape)

    def call(self, inputs, training=None, layers=None):
        """Gives the model outputs; `layers` run in place of `transformer_layers`."""
        token_ids, mask = inputs["token_ids"], inputs["padding_mask"]
        batch, length = ops.shape(token_ids)[0], ops.shape(token_ids)[1]
        rows = self.embeddings(
            token_ids,
            inputs["segment_ids"],
            inputs.get("position_ids"),
            training=training,
        )
        layer_rows, layer_insides = [rows], []
        for layer in self.transformer_layers if layers is None else layers:
            rows, insides = layer(rows, mask, training=training)
            layer_rows.append(rows)
            layer_insides.append(insides)
        shape = (batch, length, self.config.hidden_size)
        hidden_states = [ops.reshape(rows, shape) for rows in layer_rows]
        return {
            "hidden_states": hidden_states,
            "first_token_states": [states[:, 0] for states in hidden_states],
            "pooled_output": self.pooler(hidden_states[-1][:, 0]),
            "padding_mask": mask,
            **{
                name: [insides[name] for insides in layer_insides]
                for name in ("attention_scores", "queries", "keys", "values")
            },
        }
