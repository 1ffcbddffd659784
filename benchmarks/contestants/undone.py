"""The first stage of TinyBERT without one of the things that make it fast.

Each is undone in the running process, so a contestant needs one of its own.
"""

from collections.abc import Callable

import keras
import tensorflow as tf
from settings import Settings

from contestants import distill_tf_bert
from contestants import distill_tf_training
from distill_tf.data import length_buckets
from distill_tf.models import activations
from distill_tf.models import frozen_linear
from distill_tf.models import linear
from distill_tf.models import trained_gelu
from distill_tf.models.dropout import Dropout
from distill_tf.models.layer_norm import LayerNorm
from distill_tf.training import optimizer
from distill_tf.training.batch_gradients import BatchGradients


def tinybert_without(
    settings: Settings, precision: str, undone: str
) -> dict[str, Callable[[int], None]]:
    """A pass of the first stage, the teacher live.

    Args:
        settings: sizes.
        precision: Keras' dtype policy, of both models.
        undone: of `UNDONE`.
    """
    UNDONE[undone]()
    return distill_tf_bert.tinybert(settings, precision, "intermediate")


class KerasAdamW(BatchGradients, keras.optimizers.AdamW):
    """Keras' own update; gradients as everywhere."""

    def __init__(self, *args, lazy_rows: bool, **kwargs):
        super().__init__(*args, **kwargs)


def _fused_update() -> None:
    optimizer.FusedAdamW = KerasAdamW


def _gelu_gradient() -> None:
    activations._IN_TRAINING.clear()


def _compiled_gelu() -> None:
    trained_gelu._pays = lambda x: False


def _joined_gelu() -> None:
    del frozen_linear.JOINED["gelu_tanh"]


def _layer_norm_gradient() -> None:
    def call(self, inputs):
        x = tf.cast(inputs, tf.float32)
        mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
        normalized = tf.nn.batch_normalization(
            x, mean, variance, self.beta, self.gamma, self.epsilon
        )
        return tf.cast(normalized, inputs.dtype)

    LayerNorm.call = call


def _short_random_bits() -> None:
    Dropout.call = keras.layers.Dropout.call


def _bias_gradient() -> None:
    def trained(rows, kernel, bias):
        return linear._add_bias(tf.matmul(rows, kernel), bias)

    linear._trained = trained


def _bias_apart() -> None:
    linear._add_bias = tf.nn.bias_add


def _frozen_weights() -> None:
    linear.is_available = lambda: False


def _rounded_teacher() -> None:
    distill_tf_bert.without_training = lambda dtype_policy: dtype_policy


def _short_steps() -> None:
    length_buckets._STEPS = ((0, 1),)  # No text is as short.


def _kept_memory() -> None:
    distill_tf_training.keep_freed_memory = lambda: False


UNDONE: dict[str, Callable[[], None]] = {
    "fused update": _fused_update,
    "own gradient of GELU": _gelu_gradient,
    "trained GELU compiled": _compiled_gelu,
    "GELU joined to its product": _joined_gelu,
    "own gradient of LayerNorm": _layer_norm_gradient,
    "16-bit dropout": _short_random_bits,
    "own gradient of biases": _bias_gradient,
    "bias apart from its product": _bias_apart,
    "kernel for frozen weights": _frozen_weights,
    "teacher rounded once": _rounded_teacher,
    "freed memory kept": _kept_memory,
    "padding in steps of two": _short_steps,
}
