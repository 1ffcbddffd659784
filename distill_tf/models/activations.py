"""Activation functions by name, the tanh GELU with its gradient written out."""

import math
from collections.abc import Callable

from keras import ops

_SQRT_2_OVER_PI = math.sqrt(2 / math.pi)
_CUBIC = 0.044715


@ops.custom_gradient
def gelu_tanh(x):
    """0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), Hendrycks & Gimpel 2016.

    The same values as `keras.activations.gelu(x, approximate=True)`. The gradient
    is given explicitly because automatic differentiation of the formula makes
    three times as many passes over what is the largest tensor of a BERT layer.
    """
    square = ops.square(x)
    tanh = ops.tanh(_SQRT_2_OVER_PI * x * (1 + _CUBIC * square))
    half_one_plus_tanh = 0.5 * (1 + tanh)

    def gradient(*args, upstream=None):
        upstream = args[0] if upstream is None else upstream
        slope = _SQRT_2_OVER_PI * (1 + 3 * _CUBIC * square)
        return upstream * half_one_plus_tanh * (1 + x * (1 - tanh) * slope)

    return x * half_one_plus_tanh, gradient


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
