"""The student without any sequence model."""

import keras

from distill_tf.models.static import StaticEncoder
from distill_tf.models.static_config import StaticConfig
from distill_tf.models.word_classifier import WordClassifier


@keras.saving.register_keras_serializable(package="distill_tf")
class StaticClassifier(WordClassifier):
    """The mean of one vector a token, and an MLP: the order of words does not count.

    Model2Vec (Tulkens & van Dongen 2024) makes such vectors of a sentence encoder;
    here they are the start (`static_vectors`) and training goes on from there.
    """

    config_type = StaticConfig
    encoder_type = StaticEncoder
