"""Operations as TensorFlow's profiler counts them."""

import contextlib
import logging
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf


def profiled_flops(function: Callable, *arguments: Any) -> int:
    """Floating-point operations of one call, by TensorFlow's own statistics.

    A multiply-add counts twice, as in the models' formulas. Beside the matrix products
    these count what is done element by element (softmax, LayerNorm, activations),
    about 0.5 % of a BERT-base; they leave out a few operations, such as erf.

    Args:
        function: of tensors alone, given as they come; it is traced, not run.
        arguments: arrays or tensors, or structures of them, whose shapes are taken.
    """
    specs = keras.tree.map_structure(
        lambda array: tf.TensorSpec(array.shape, array.dtype), arguments
    )
    graph = tf.function(function).get_concrete_function(*specs).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    with _without_warnings():
        return tf.compat.v1.profiler.profile(graph, options=options).total_float_ops


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """The profiler warns of its own use of a deprecated function."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
