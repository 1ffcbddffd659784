"""The recurrent student."""

import keras

from distill_tf.models.bilstm import BiLstmEncoder
from distill_tf.models.bilstm_config import BiLstmConfig
from distill_tf.models.word_classifier import WordClassifier


@keras.saving.register_keras_serializable(package="distill_tf")
class BiLstmClassifier(WordClassifier):
    """LSTM layers and an MLP, as Tang et al. (arXiv:1903.12136) distil BERT into.

    Where the published systems differ from one another, `BiLstmConfig` chooses. Where
    they read padding (OneFlow's last step, the zeros of a padded max pooling), start
    from random states, or drop nothing for their dropout flag (Paddle), this model does
    not follow.
    """

    config_type = BiLstmConfig
    encoder_type = BiLstmEncoder
