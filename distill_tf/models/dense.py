"""A linear layer on rows, with or without an activation."""

import keras
import tensorflow as tf

from distill_tf.models.linear import linear


class Dense(keras.layers.Dense):
    """act(x W + b) for rows x [R, H]; see `linear`.

    Args:
        units: O.
        hidden_act: an activation's name, see `distill_tf.models.activations`; None
            for none.
        **kwargs: what `keras.layers.Dense` takes.
    """

    def __init__(self, units: int, hidden_act: str | None = None, **kwargs):
        super().__init__(units, activation=None, **kwargs)
        self.hidden_act = hidden_act

    def get_config(self):
        config = super().get_config()
        del config["activation"]
        return {**config, "hidden_act": self.hidden_act}

    def call(self, inputs, training=None):
        return linear(
            inputs,
            tf.convert_to_tensor(self.kernel),
            tf.convert_to_tensor(self.bias),
            dtype_policy=self.dtype_policy.name,
            training=bool(training),
            hidden_act=self.hidden_act,
        )
