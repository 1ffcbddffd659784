"""The head that predicts masked words from a BERT's hidden states."""

from collections.abc import Mapping
from operator import attrgetter

import keras
import numpy as np
from keras import ops

from distill_tf.models.bert_config import BertConfig
from distill_tf.models.dense import Dense
from distill_tf.models.initializers import truncated_normal
from distill_tf.models.layer_norm import LayerNorm

# Where google-research/bert's variables are in the layer.
NAMES = {
    "cls/predictions/transform/dense/kernel": "dense.kernel",
    "cls/predictions/transform/dense/bias": "dense.bias",
    "cls/predictions/transform/LayerNorm/gamma": "layer_norm.gamma",
    "cls/predictions/transform/LayerNorm/beta": "layer_norm.beta",
    "cls/predictions/output_bias": "output_bias",
}


class MaskedLmHead(keras.layers.Layer):
    """From hidden states to vocabulary: LayerNorm(act(h W + b)) E^T + c.

    Devlin et al., arXiv:1810.04805. E is the encoder's word embeddings [V, H], which
    the head shares. Takes rows h [R, H] and E; gives logits [R, V], or [R, V'] for
    the first V' rows of E alone.
    """

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.dense = Dense(
            config.hidden_size,
            config.hidden_act,
            kernel_initializer=truncated_normal(config.initializer_range),
            dtype=self.dtype_policy,
            name="dense",
        )
        self.layer_norm = LayerNorm(
            epsilon=config.layer_norm_eps, dtype=self.dtype_policy, name="layer_norm"
        )

    def build(self, input_shape=None):
        rows = (None, self.config.hidden_size)
        self.dense.build(rows)
        self.layer_norm.build(rows)
        self.output_bias = self.add_weight(
            name="output_bias", shape=(self.config.vocab_size,), initializer="zeros"
        )
        super().build(input_shape)

    def call(self, rows, embeddings, training=None):
        transformed = self.layer_norm(self.dense(rows, training=training))
        logits = ops.matmul(transformed, ops.transpose(embeddings))
        return logits + self.output_bias[: ops.shape(embeddings)[0]]

    def load(self, weights: Mapping[str, np.ndarray]) -> None:
        """Takes arrays under google-research/bert's names, of a head of this size."""
        for name, variable in self._variables_by_name().items():
            variable.assign(weights[name])

    def named_weights(self) -> dict[str, np.ndarray]:
        """float32 arrays under google-research/bert's names."""
        return {
            name: np.array(variable.numpy(), "float32")
            for name, variable in self._variables_by_name().items()
        }

    def _variables_by_name(self) -> dict[str, keras.Variable]:
        return {name: attrgetter(path)(self) for name, path in NAMES.items()}
