"""Hidden layer, dropout, linear layer: from a text's vector to logits."""

import keras
from keras import ops

from distill_tf.models.activations import activation
from distill_tf.models.dropout import Dropout
from distill_tf.models.word_config import WordConfig


class MlpHead(keras.layers.Layer):
    """W2 dropout(act(W1 x + b1)) + b2; without W1 and b1 if `dense_size` is 0."""

    def __init__(self, config: WordConfig, num_classes: int, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.hidden_dense = None
        if config.dense_size:
            self.hidden_dense = keras.layers.Dense(
                config.dense_size, dtype=self.dtype_policy, name="hidden_dense"
            )
        self.dropout = Dropout(
            config.dropout_prob, dtype=self.dtype_policy, name="dropout"
        )
        self.output_dense = keras.layers.Dense(
            num_classes, dtype=self.dtype_policy, name="output_dense"
        )

    def build(self, input_shape=None):
        width = self.config.features_width
        if self.hidden_dense is not None:
            self.hidden_dense.build((None, width))
            width = self.config.dense_size
        self.output_dense.build((None, width))
        self.built = True

    def call(self, features, training=None):
        """[B, D] to logits, float32 [B, C]."""
        hidden = features
        if self.hidden_dense is not None:
            hidden = self.hidden_dense(hidden)
        hidden = activation(self.config.activation, training=bool(training))(hidden)
        logits = self.output_dense(self.dropout(hidden, training=training))
        return ops.cast(logits, "float32")
