"""act(x W + b) with weights that stay as they are, by oneDNN's fastest kernel."""

import functools
import os

import numpy as np
import tensorflow as tf

from distill_tf.models.activations import activation
from distill_tf.precision import cpu_has_bfloat16

_OPERATION = "_MklNativeFusedMatMul"
# Activations that the product takes along, and what TensorFlow calls them.
JOINED = {
    None: (),
    "gelu_tanh": ("GeluApproximate",),
    "gelu_erf": ("GeluExact",),
    "relu": ("Relu",),
    "tanh": ("Tanh",),
}
_ROUNDING = 2e-2


def frozen_linear(
    rows: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, hidden_act: str | None = None
) -> tf.Tensor:
    """act(x W + b), [R, O], of rows x [R, H] in bfloat16.

    oneDNN multiplies bfloat16 matrices about twice as fast where it has brought the
    weights into an order of its own before. TensorFlow lets it do so, once, where they
    are constants of a graph; but a graph holds a constant some ten times over, too
    much for a large model. So the operation that TensorFlow would choose for constants
    is asked for by its name, with weights that are read from a variable.

    A traced graph keeps W as it first found it and reads b anew each time, so neither
    may change any more. The gradient reaches the rows alone, and computes the product
    again where there is an activation, whose input is not kept. XLA, and runtimes
    other than TensorFlow, do not know the operation.

    Only where `is_available` says so.

    Args:
        rows: [R, H].
        kernel: W [H, O].
        bias: b [O].
        hidden_act: one of `JOINED`.
    """

    @tf.custom_gradient
    def forward(rows):
        def gradient(upstream):
            if hidden_act is not None:
                linear = _fused(rows, kernel, bias, None)
                upstream = _before_activation(hidden_act, linear, upstream)
            return tf.matmul(upstream, kernel, transpose_b=True)

        return _fused(rows, kernel, bias, hidden_act), gradient

    return forward(rows)


def _before_activation(hidden_act, linear, upstream):
    with tf.GradientTape() as tape:
        tape.watch(linear)
        activated = activation(hidden_act, training=True)(linear)
    return tape.gradient(activated, linear, upstream)


def is_available() -> bool:
    """Whether the graph that is being traced can have the operation.

    It is one for processors, and no part of TensorFlow's public interface: it has to
    have shown that it computes the right thing in this very version.
    """
    return not tf.executing_eagerly() and _works()


@functools.cache
def _works() -> bool:
    # Asked for by its name it would be there with oneDNN switched off too, and end the
    # process on a processor for which oneDNN has no such kernel.
    with tf.init_scope():
        if (
            os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1").lower() in ("0", "false")
            or tf.config.list_physical_devices("GPU")
            or not cpu_has_bfloat16()
        ):
            return False
        rows, kernel, bias = (
            tf.cast(np.arange(size).reshape(shape) / 8 - 1, tf.bfloat16)
            for size, shape in ((6, (2, 3)), (12, (3, 4)), (4, (4,)))
        )

        @tf.function(autograph=False)
        def fused():
            return [_fused(rows, kernel, bias, hidden_act) for hidden_act in JOINED]

        try:
            found = fused()
        except (RuntimeError, TypeError, ValueError, tf.errors.OpError):
            # Another version may not know it, or want to be asked differently.
            return False
        linear = tf.cast(tf.matmul(rows, kernel) + bias, tf.float32)
        expected = [
            activation(each, training=False)(linear) if each else linear
            for each in JOINED
        ]
        return np.allclose(
            tf.cast(found, tf.float32), expected, rtol=_ROUNDING, atol=_ROUNDING
        )


def _fused(rows, kernel, bias, hidden_act):
    attribute = tf.compat.v1.AttrValue
    fused = [name.encode() for name in ("BiasAdd", *JOINED[hidden_act])]
    (product,) = (
        tf.compat.v1.get_default_graph()
        .create_op(
            _OPERATION,
            [rows, kernel, bias],
            [rows.dtype],
            name="frozen_linear",
            attrs={
                "T": attribute(type=rows.dtype.as_datatype_enum),
                "num_args": attribute(i=1),
                "fused_ops": attribute(list=attribute.ListValue(s=fused)),
                "is_filter_const": attribute(b=True),
                "_kernel": attribute(s=b"MklNameChangeOp"),
            },
        )
        .outputs
    )
    return tf.ensure_shape(product, [rows.shape[0], kernel.shape[1]])
