"""The part that encoders of words begin with."""

import keras

from distill_tf.models.dropout import Dropout
from distill_tf.models.word_config import WordConfig
from distill_tf.models.word_embeddings import WordEmbeddings


class WordEncoder(keras.layers.Layer):
    """Embeddings and their dropout; subclasses make a text's vector of them."""

    def __init__(self, config: WordConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.embeddings = WordEmbeddings(
            config.vocab_size,
            config.embedding_size,
            config.initializer_range,
            config.train_embeddings,
            dtype=self.dtype_policy,
            name="embeddings",
        )
        self.embedding_dropout = Dropout(
            config.embedding_dropout_prob,
            dtype=self.dtype_policy,
            name="embedding_dropout",
        )

    def make_portable(self) -> None:
        """From now on runs in a form that converters to other runtimes take."""

    def build(self, input_shape=None):
        self.embeddings.build()
        self.built = True
