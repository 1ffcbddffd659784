"""Dropout that draws 16 random bits a unit."""

import keras
import tensorflow as tf

_VALUES_OF_16_BITS = 1 << 16


class Dropout(keras.layers.Dropout):
    """Sets units to 0 with probability `rate`, and scales the others by 1 / (1 - rate).

    Keras' layer draws 32 random bits a unit and makes a float of them, which is most
    of what dropout costs on a processor; half the bits take half the time. The rate
    is rounded to a multiple of 2^-16 and the scale belongs to the rounded rate, so
    expected values stay as they are.
    """

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        dropped = round(self.rate * _VALUES_OF_16_BITS)
        bits = _random_bits(tf.shape(inputs), self.seed_generator.next())
        scale = tf.where(
            bits >= tf.constant(dropped, tf.uint16),
            tf.constant(
                _VALUES_OF_16_BITS / (_VALUES_OF_16_BITS - dropped), inputs.dtype
            ),
            tf.constant(0, inputs.dtype),
        )
        return inputs * scale


def _random_bits(shape, seed):
    """Uniform uint16 of that shape."""
    size = tf.reduce_prod(shape)
    pairs = tf.random.stateless_uniform(
        [(size + 1) // 2], tf.cast(seed, tf.int32), None, None, tf.int32
    )
    bits = tf.reshape(tf.bitcast(pairs, tf.uint16), [-1])
    return tf.reshape(bits[:size], shape)
