"""Activation functions by name, with what training wants of them."""

from collections.abc import Callable

from keras import ops

from distill_tf.models.trained_gelu import trained_gelu_tanh


def gelu_tanh(x):
    """0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), Hendrycks & Gimpel 2016."""
    return ops.gelu(x, approximate=True)


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
