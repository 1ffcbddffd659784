"""The LSTM's loop over time, with its gradient written out."""

import tensorflow as tf

# Input, forget, candidate, output: the order of the columns of kernels and biases.
NUM_GATES = 4


@tf.custom_gradient
def lstm_recurrence(projections, recurrent_kernel):
    """Hidden states of an LSTM (Gers et al. 2000, without peepholes).

        z_t = x_t + h_{t-1} U            i, f, g, o = z_t in four parts
        c_t = sigmoid(f) c_{t-1} + sigmoid(i) tanh(g)
        h_t = sigmoid(o) tanh(c_t)       h_0 = c_0 = 0

    A state depends on the steps before it alone, so padding behind a row changes
    none of the row's states.

    Automatic differentiation adds to the gradient of U at each step; written out, it
    is one product over all steps. Products are in the dtype of the arguments, gates
    and cells in at least float32.

    Args:
        projections: x, [L, B, 4 H]: what the inputs and the bias give to the gates.
        recurrent_kernel: U, [H, 4 H].

    Returns:
        h, [L, B, H].
    """
    gates, cells, hidden_states = _run(projections, recurrent_kernel)
    hidden_states = hidden_states.stack()

    def gradient(upstream):
        of_projections = _run_back(upstream, gates, cells, recurrent_kernel)
        units, width = recurrent_kernel.shape
        of_kernel = tf.matmul(
            tf.reshape(hidden_states[:-1], (-1, units)),
            tf.reshape(of_projections, (-1, width)),
            transpose_a=True,
        )
        return of_projections, of_kernel

    return hidden_states[1:], gradient


def portable_recurrence(projections, recurrent_kernel):
    """What `lstm_recurrence` gives, in a form that ONNX and LiteRT have.

    It writes into one tensor and not into a TensorArray, since LiteRT has none of free
    size; in TensorFlow that takes up to 1.7 times as long.
    """
    dtype, state_dtype = projections.dtype, _state_dtype(projections.dtype)
    steps, batch = tf.unstack(tf.shape(projections)[:2])
    units = recurrent_kernel.shape[0]

    def step(t, hidden, cell, hidden_states):
        z = tf.gather(projections, t) + tf.matmul(hidden, recurrent_kernel)
        i, f, g, o = tf.split(tf.cast(z, state_dtype), NUM_GATES, axis=-1)
        cell = tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g)
        hidden = tf.cast(tf.sigmoid(o) * tf.tanh(cell), dtype)
        hidden_states = tf.tensor_scatter_nd_update(
            hidden_states, tf.reshape(t, (1, 1)), tf.expand_dims(hidden, 0)
        )
        return t + 1, hidden, cell, hidden_states

    *_, hidden_states = tf.while_loop(
        lambda t, *_: t < steps,
        step,
        (
            0,
            tf.zeros((batch, units), dtype),
            tf.zeros((batch, units), state_dtype),
            tf.zeros((steps, batch, units), dtype),
        ),
    )
    return hidden_states


def _run(projections, recurrent_kernel):
    """Arrays of the gates [B, H] of L steps, and of L + 1 cells and hidden states."""
    dtype, state_dtype = projections.dtype, _state_dtype(projections.dtype)
    steps, batch = tf.unstack(tf.shape(projections)[:2])
    zeros = tf.zeros((batch, recurrent_kernel.shape[0]), state_dtype)
    no_hidden = tf.cast(zeros, dtype)
    inputs = tf.TensorArray(dtype, steps).unstack(projections)

    def step(t, hidden, cell, gates, cells, hidden_states):
        z = inputs.read(t) + tf.matmul(hidden, recurrent_kernel)
        i, f, g, o = tf.split(tf.cast(z, state_dtype), NUM_GATES, axis=-1)
        i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
        cell = f * cell + i * g
        hidden = tf.cast(o * tf.tanh(cell), dtype)
        gates = [
            array.write(t, gate)
            for array, gate in zip(gates, (i, f, g, o), strict=True)
        ]
        return (
            t + 1,
            hidden,
            cell,
            gates,
            cells.write(t + 1, cell),
            hidden_states.write(t + 1, hidden),
        )

    *_, gates, cells, hidden_states = tf.while_loop(
        lambda t, *_: t < steps,
        step,
        (
            0,
            no_hidden,
            zeros,
            [_array(state_dtype, steps) for _ in range(NUM_GATES)],
            _array(state_dtype, steps + 1).write(0, zeros),
            _array(dtype, steps + 1).write(0, no_hidden),
        ),
    )
    return gates, cells, hidden_states


def _run_back(upstream, gates, cells, recurrent_kernel):
    """The gradient of the projections, [L, B, 4 H], from that of the hidden states."""
    dtype = upstream.dtype
    steps = tf.shape(upstream)[0]
    upstreams = tf.TensorArray(dtype, steps).unstack(upstream)
    zeros = tf.zeros_like(cells.read(0))

    def step_back(t, of_hidden, of_cell, of_projections):
        i, f, g, o = (array.read(t) for array in gates)
        squashed = tf.tanh(cells.read(t + 1))
        of_hidden += tf.cast(upstreams.read(t), zeros.dtype)
        of_cell += of_hidden * o * (1 - squashed * squashed)
        of_z = tf.concat(
            [
                of_cell * g * i * (1 - i),
                of_cell * cells.read(t) * f * (1 - f),
                of_cell * i * (1 - g * g),
                of_hidden * squashed * o * (1 - o),
            ],
            axis=-1,
        )
        of_z = tf.cast(of_z, dtype)
        of_previous = tf.matmul(of_z, recurrent_kernel, transpose_b=True)
        return (
            t - 1,
            tf.cast(of_previous, zeros.dtype),
            of_cell * f,
            of_projections.write(t, of_z),
        )

    *_, of_projections = tf.while_loop(
        lambda t, *_: t >= 0,
        step_back,
        (steps - 1, zeros, zeros, tf.TensorArray(dtype, steps)),
    )
    return of_projections.stack()


def _array(dtype: tf.DType, size) -> tf.TensorArray:
    return tf.TensorArray(dtype, size, clear_after_read=False)


def _state_dtype(dtype: tf.DType) -> tf.DType:
    return tf.float32 if dtype.size < tf.float32.size else dtype
