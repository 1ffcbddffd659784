"""Activation functions by name, with what training wants of them."""

import math
from collections.abc import Callable

import tensorflow as tf
from keras import ops

_SLOPE = 2 * math.sqrt(2 / math.pi)
_CUBIC = 0.044715


def gelu_tanh(x):
    """0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), Hendrycks & Gimpel 2016."""
    return ops.gelu(x, approximate=True)


@ops.custom_gradient
def trained_gelu_tanh(x):
    """`gelu_tanh` with its gradient written out, in float32 whatever the input.

    It equals x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)). Feed-forward activations are
    the largest tensors of a BERT layer, so passes over them count: automatic
    differentiation of the formula takes nearly twice as long, and bfloat16 longer
    than float32. Where no gradient is asked for, TensorFlow fuses `gelu_tanh` into
    the matrix product before it, which is faster still.
    """
    z = ops.cast(x, "float32")
    square = ops.square(z)
    gate = ops.sigmoid(z * (_SLOPE * _CUBIC * square + _SLOPE))

    def gradient(upstream):
        # Profiles tell operations by their names.
        with tf.name_scope("gelu_gradient"):
            slope = z * (3 * _SLOPE * _CUBIC * square + _SLOPE)
            derivative = gate * (1 + slope * (1 - gate))
            return ops.cast(ops.cast(upstream, "float32") * derivative, x.dtype)

    return ops.cast(z * gate, x.dtype), gradient


def gelu_erf(x):
    """0.5 x (1 + erf(x / sqrt(2))), the GELU of Hugging Face's "gelu"."""
    return ops.gelu(x, approximate=False)


ACTIVATIONS: dict[str, Callable] = {
    "gelu_tanh": gelu_tanh,
    "gelu_erf": gelu_erf,
    "relu": ops.relu,
    "silu": ops.silu,
    "tanh": ops.tanh,
}

_IN_TRAINING = {"gelu_tanh": trained_gelu_tanh}


def activation(name: str, training: bool) -> Callable:
    """The function of that name, in the form that is fastest for the purpose."""
    return _IN_TRAINING.get(name, ACTIVATIONS[name]) if training else ACTIVATIONS[name]
