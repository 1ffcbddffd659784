"""From a pair's features to logits."""

import keras
from keras import ops

from distill_tf.models.bert_config import BertConfig
from distill_tf.models.dropout import Dropout
from distill_tf.models.initializers import truncated_normal


class PairHead(keras.layers.Layer):
    """W dropout(x) + b; with `is_residual`, x + dropout(V x + c) in the place of x.

    There is no activation in the residual layer, as in lidan528/VIRT
    (get_prediction_student_use_resnet); the x that it adds is the one after dropout.
    """

    def __init__(
        self,
        config: BertConfig,
        width: int,
        num_classes: int,
        is_residual: bool,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.width = width
        self.residual_dense = None
        if is_residual:
            self.residual_dense = self._dense(config, width, "residual_dense")
            self.residual_dropout = self._dropout(config, "residual_dropout")
        self.dropout = self._dropout(config, "dropout")
        self.output_dense = self._dense(config, num_classes, "output_dense")

    def _dense(self, config, units, name):
        return keras.layers.Dense(
            units,
            kernel_initializer=truncated_normal(config.initializer_range),
            dtype=self.dtype_policy,
            name=name,
        )

    def _dropout(self, config, name):
        return Dropout(config.hidden_dropout_prob, dtype=self.dtype_policy, name=name)

    def build(self, input_shape=None):
        if self.residual_dense is not None:
            self.residual_dense.build((None, self.width))
        self.output_dense.build((None, self.width))
        self.built = True

    def call(self, features, training=None):
        """[B, D] to logits, float32 [B, C]."""
        hidden = self.dropout(features, training=training)
        if self.residual_dense is not None:
            update = self.residual_dense(hidden)
            hidden = hidden + self.residual_dropout(update, training=training)
        return ops.cast(self.output_dense(hidden), "float32")

    def flops(self) -> int:
        """Operations on one pair, twice the multiply-adds."""
        units = self.output_dense.units
        if self.residual_dense is not None:
            units += self.width
        return 2 * self.width * units
