"""Adadelta that can average the gradients of several batches."""

import keras
import tensorflow as tf

from distill_tf.training.batch_gradients import BatchGradients


class Adadelta(BatchGradients, keras.optimizers.Adadelta):
    """Keras' Adadelta (Zeiler, arXiv:1212.5701), one update for several batches."""

    def update_step(self, grad, variable, learning_rate):
        super().update_step(tf.convert_to_tensor(grad), variable, learning_rate)
