"""act(x W + b), in the form that is fastest for what it is used for."""

import tensorflow as tf

from distill_tf.models.activations import activation
from distill_tf.models.frozen_linear import JOINED
from distill_tf.models.frozen_linear import frozen_linear
from distill_tf.models.frozen_linear import is_available

_VERSION = tuple(int(number) for number in tf.__version__.split(".")[:2])


def linear(
    rows: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor,
    *,
    dtype_policy: str,
    training: bool,
    hidden_act: str | None = None,
) -> tf.Tensor:
    """act(x W + b), [R, O], of rows x [R, H].

    Args:
        rows: [R, H].
        kernel: W [H, O].
        bias: b [O].
        dtype_policy: of the layer whose weights they are. Weights that are kept in
            bfloat16 belong to a model that is not trained, see
            `distill_tf.precision.without_training` and `frozen_linear`.
        training: whether the weights' gradients are going to be asked for.
        hidden_act: an activation's name, see `distill_tf.models.activations`; None
            for none.
    """
    if dtype_policy == "bfloat16" and not training and is_available():
        if hidden_act in JOINED:
            return frozen_linear(rows, kernel, bias, hidden_act)
        result = frozen_linear(rows, kernel, bias)
    else:
        result = (_trained if training else _as_it_is)(rows, kernel, bias)
    if hidden_act is None:
        return result
    # TensorFlow joins a GELU to the matrix product before it only where the product's
    # name comes first in the alphabet, and profiles tell operations by their names.
    with tf.name_scope(hidden_act):
        return activation(hidden_act, training)(result)


def _as_it_is(rows, kernel, bias):
    return tf.nn.bias_add(tf.matmul(rows, kernel), bias)


@tf.custom_gradient
def _trained(rows, kernel, bias):
    """x W + b whose bias has a cheap and exact gradient.

    That is the sum of the upstream rows. TensorFlow's kernel for it adds in the
    upstream's dtype and in one thread; a product with a row of ones adds in float32
    and in all of them, which for bfloat16 is both closer and faster.
    """

    def gradient(upstream):
        ones = tf.ones((1, tf.shape(upstream)[0]), upstream.dtype)
        return (
            tf.matmul(upstream, kernel, transpose_b=True),
            tf.matmul(rows, upstream, transpose_a=True),
            tf.matmul(ones, upstream)[0],
        )

    return _add_bias(tf.matmul(rows, kernel), bias), gradient


def _add_bias(product, bias):
    """The sum, apart from the product where that is faster.

    TensorFlow joins a product and a bias right after it. In bfloat16, oneDNN's kernel
    for both took up to twice as long as that for the product alone, unless the weights
    were frozen; that of TensorFlow 2.22 does not.
    """
    if product.dtype != tf.bfloat16 or _VERSION >= (2, 22):
        return tf.nn.bias_add(product, bias)
    return tf.squeeze(tf.nn.bias_add(tf.expand_dims(product, 0), bias), 0)
