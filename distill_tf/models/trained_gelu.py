"""The tanh form of GELU for training, with its gradient written out."""

import functools
import math

import tensorflow as tf

_SLOPE = 2 * math.sqrt(2 / math.pi)
_CUBIC = 0.044715
# Of the last axis. Narrower tensors would not win back the time of compiling.
_WIDE = 512


def trained_gelu_tanh(x: tf.Tensor) -> tf.Tensor:
    """`activations.gelu_tanh`, x and result of any shape, computed in float32.

    It equals x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)). Feed-forward activations are
    the largest tensors of a BERT layer, so passes over them count: automatic
    differentiation of the formula takes nearly twice as long as the gradient written
    out, and bfloat16 longer than float32. On a processor XLA makes one pass of each
    of the two and keeps x alone in between; it compiles them once for each number of
    rows, in a tenth of a second. Where no gradient is asked for, TensorFlow fuses
    `gelu_tanh` into the matrix product before it, which is faster still.
    """
    return (_in_one_pass if _pays(x) else _step_by_step)(x)


@tf.custom_gradient
def _step_by_step(x):
    z, square, gate = _parts(x)

    def gradient(upstream):
        # Profiles tell operations by their names.
        with tf.name_scope("gelu_gradient"):
            return _times_derivative(upstream, z, square, gate)

    return tf.cast(z * gate, x.dtype), gradient


@tf.custom_gradient
def _in_one_pass(x):
    def gradient(upstream):
        with tf.name_scope("gelu_gradient"):
            # Taken into a branch of a condition by an operation; a call cannot take it.
            return _compiled_gradient(tf.identity(x), upstream)

    return _compiled_value(x), gradient


def _parts(x):
    z = tf.cast(x, tf.float32)
    square = tf.square(z)
    return z, square, tf.sigmoid(z * (_SLOPE * _CUBIC * square + _SLOPE))


def _times_derivative(upstream, z, square, gate):
    slope = z * (3 * _SLOPE * _CUBIC * square + _SLOPE)
    derivative = gate * (1 + slope * (1 - gate))
    return tf.cast(tf.cast(upstream, tf.float32) * derivative, upstream.dtype)


_compile = functools.partial(
    tf.function, autograph=False, jit_compile=True, reduce_retracing=True
)


@_compile
def _compiled_value(x):
    z, _, gate = _parts(x)
    return tf.cast(z * gate, x.dtype)


@_compile
def _compiled_gradient(x, upstream):
    return _times_derivative(upstream, *_parts(x))


def _pays(x) -> bool:
    width = x.shape[-1] if x.shape.rank else None
    return width is not None and width >= _WIDE and _can_compile()


@functools.cache
def _can_compile() -> bool:
    # On a GPU the whole step is compiled, or is not to be.
    with tf.init_scope():
        if tf.config.list_physical_devices("GPU"):
            return False
        try:
            _compiled_value(tf.zeros((1, 1)))
        except tf.errors.OpError:
            return False  # A TensorFlow without XLA.
        return True
