"""Activation functions by the names that transformers gives them."""

from functools import partial

import torch
from torch.nn import functional

ACTIVATIONS = {
    "gelu": functional.gelu,
    "gelu_pytorch_tanh": partial(functional.gelu, approximate="tanh"),
    "relu": functional.relu,
    "silu": functional.silu,
    "tanh": torch.tanh,
}
