"""One LSTM layer in one direction, over rows of different lengths."""

import keras
import tensorflow as tf
from keras import ops

from distill_tf.models.linear import linear
from distill_tf.models.lstm_recurrence import NUM_GATES
from distill_tf.models.lstm_recurrence import lstm_recurrence
from distill_tf.models.lstm_recurrence import portable_recurrence
from distill_tf.models.time_major import at_last_step
from distill_tf.models.time_major import reverse_valid_steps

FORGET_GATE = 1


class Lstm(keras.layers.Layer):
    """Reads each row from its first token to its last, or the other way round.

    `kernel` [E, 4 H] and `bias` [4 H] act on all inputs at once, before the loop over
    time; `recurrent_kernel` [H, 4 H] within it. The columns are the gates in the order
    input, forget, candidate, output, as in Keras and PyTorch. There is one bias;
    PyTorch's two are equal to their sum.

    `keras.layers.LSTM` gives the same states. It is slower on a processor, and slower
    still in bfloat16.

    Args:
        units: H.
        go_backwards: start at the row's last token. Padding stays behind the row.
        forget_bias: initial value of the forget gate's bias; with 1 a new network
            remembers (Jozefowicz et al. 2015).

    Attributes:
        is_portable: whether it runs the loop that converters to other runtimes take,
            which is slower in TensorFlow.
    """

    def __init__(
        self,
        units: int,
        go_backwards: bool = False,
        forget_bias: float = 1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.go_backwards = go_backwards
        self.forget_bias = forget_bias
        self.is_portable = False

    def build(self, input_shape):
        width = NUM_GATES * self.units
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], width),
            initializer="glorot_uniform",
        )
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=(self.units, width),
            initializer=_orthogonal,
        )
        self.bias = self.add_weight(
            name="bias", shape=(width,), initializer=self._initial_bias
        )
        self.built = True

    def _initial_bias(self, shape, dtype=None):
        forget = ops.one_hot(FORGET_GATE, NUM_GATES, dtype=dtype) * self.forget_bias
        return ops.reshape(ops.repeat(forget, self.units), shape)

    def call(self, inputs, lengths, training=None):
        """Runs over time-major rows.

        Args:
            inputs: [L, B, E].
            lengths: [B], tokens of each row.

        Returns:
            The states in the order of the tokens, [L, B, H], of no meaning at padding,
            and the state after the token read last, [B, H], 0 of an empty row.
        """
        if self.go_backwards:
            inputs = reverse_valid_steps(inputs, lengths)
        recurrence = portable_recurrence if self.is_portable else lstm_recurrence
        states = recurrence(
            self._project(inputs, bool(training)),
            tf.convert_to_tensor(self.recurrent_kernel),
        )
        last = at_last_step(states, lengths)
        if self.go_backwards:
            states = reverse_valid_steps(states, lengths)
        return states, last

    def _project(self, inputs, training):
        shape = ops.shape(inputs)
        rows = ops.reshape(inputs, (-1, inputs.shape[-1]))
        projected = linear(
            rows,
            tf.convert_to_tensor(self.kernel),
            tf.convert_to_tensor(self.bias),
            dtype_policy=self.dtype_policy.name,
            training=training,
        )
        return ops.reshape(projected, (*shape[:2], NUM_GATES * self.units))


def _orthogonal(shape, dtype=None):
    # TensorFlow decomposes no matrix in bfloat16.
    return ops.cast(keras.initializers.Orthogonal()(shape, "float32"), dtype)
