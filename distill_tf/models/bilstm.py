"""LSTM layers over the words of a text."""

import keras
from keras import ops

from distill_tf.models.bilstm_config import BiLstmConfig
from distill_tf.models.dropout import Dropout
from distill_tf.models.lstm import Lstm
from distill_tf.models.masked_pooling import masked_max
from distill_tf.models.word_encoder import WordEncoder


class LstmLayer(keras.layers.Layer):
    """One LSTM, or one in each direction with their states side by side."""

    def __init__(self, config: BiLstmConfig, **kwargs):
        super().__init__(**kwargs)
        names = ("forward", "backward")[: config.num_directions]
        self.directions = [
            Lstm(
                config.hidden_size,
                go_backwards=name == "backward",
                forget_bias=config.forget_bias,
                dtype=self.dtype_policy,
                name=name,
            )
            for name in names
        ]

    def build(self, input_shape):
        for direction in self.directions:
            direction.build(input_shape)
        self.built = True

    def call(self, inputs, lengths, training=None):
        """[L, B, E] and [B] to states [L, B, D] and last states [B, D]."""
        outputs = [
            direction(inputs, lengths, training=training)
            for direction in self.directions
        ]
        states, last = zip(*outputs, strict=True)
        return ops.concatenate(states, axis=-1), ops.concatenate(last, axis=-1)


class BiLstmEncoder(WordEncoder):
    """Embeddings -> dropout -> LSTM layers with dropout between them -> pooling.

    Takes `token_ids` and `padding_mask`, both [B, L], the mask true at the L_b first
    places of row b. Initial states are 0 and padding is never read. Gives a dict:

    * `features`: [B, D], the pooled states, 0 of a row without tokens;
    * `hidden_states`: the embeddings [B, L, E], and each layer's states [B, L, D],
      of no meaning at padding;
    * `padding_mask`: the input's.
    """

    def __init__(self, config: BiLstmConfig, **kwargs):
        super().__init__(config, **kwargs)
        self.dropout = Dropout(
            config.dropout_prob, dtype=self.dtype_policy, name="dropout"
        )
        self.lstm_layers = [
            LstmLayer(config, dtype=self.dtype_policy, name=f"layer_{i}")
            for i in range(config.num_layers)
        ]

    def build(self, input_shape=None):
        super().build(input_shape)
        width = self.config.embedding_size
        for layer in self.lstm_layers:
            layer.build((None, None, width))
            width = self.config.text_width

    def make_portable(self) -> None:
        """From now on runs in a form that converters to other runtimes take."""
        for layer in self.lstm_layers:
            for direction in layer.directions:
                direction.is_portable = True

    def call(self, inputs, training=None):
        mask = inputs["padding_mask"]
        lengths = ops.sum(ops.cast(mask, "int32"), axis=1)
        # Time-major from the ids on: they are the cheapest to transpose.
        states = self.embeddings(
            ops.transpose(inputs["token_ids"]), ops.transpose(mask)
        )
        states = self.embedding_dropout(states, training=training)
        layer_states = [states]
        for i, layer in enumerate(self.lstm_layers):
            if i:
                states = self.dropout(states, training=training)
            states, last = layer(states, lengths, training=training)
            layer_states.append(states)
        hidden_states = [ops.transpose(states, (1, 0, 2)) for states in layer_states]
        if self.config.pooling == "max":
            features = masked_max(hidden_states[-1], mask)
        else:
            features = last
        return {
            "features": features,
            "hidden_states": hidden_states,
            "padding_mask": mask,
        }
