"""A batch computed in parts, side by side."""

import itertools
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf


def in_parts(compute: Callable[..., Any], count: int) -> Callable[..., Any]:
    """A forward pass that takes each batch apart and puts the results together.

    No part waits for another, so TensorFlow computes them at the same time: on a
    processor with one thread an operation and `count` operations at a time, each core
    goes its own way through the layers, where otherwise all cores meet at the end of
    every operation. Up to rounding the results are those of the whole batch, with other
    random numbers in dropout.

    Args:
        compute: of inputs whose tensors begin with the batch axis, results whose
            tensors do; an example's must not depend on the others.
        count: how many parts; those that a smaller batch leaves over are empty.
    """
    if count == 1:
        return compute

    def compute_in_parts(inputs, **options):
        size = tf.shape(keras.tree.flatten(inputs)[0])[0]
        bounds = [size * index // count for index in range(count + 1)]
        parts = [
            compute(_rows(inputs, start, end), **options)
            for start, end in itertools.pairwise(bounds)
        ]
        return keras.tree.map_structure(lambda *each: tf.concat(each, 0), *parts)

    return compute_in_parts


def _rows(inputs, start, end):
    return keras.tree.map_structure(lambda values: values[start:end], inputs)
