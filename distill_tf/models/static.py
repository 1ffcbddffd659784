"""The mean of a text's word vectors."""

import keras

from distill_tf.models.dropout import Dropout
from distill_tf.models.masked_pooling import masked_mean
from distill_tf.models.static_config import StaticConfig
from distill_tf.models.word_embeddings import WordEmbeddings


class StaticEncoder(keras.layers.Layer):
    """Embeddings -> dropout -> mean over the tokens.

    Takes `token_ids` and `padding_mask`, both [B, L]. Gives a dict:

    * `features`: [B, E], 0 of a row without tokens;
    * `hidden_states`: the embeddings [B, L, E], of no meaning at padding;
    * `padding_mask`: the input's.
    """

    def __init__(self, config: StaticConfig, **kwargs):
        super().__init__(**kwargs)
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

    def build(self, input_shape=None):
        self.embeddings.build()
        self.built = True

    def call(self, inputs, training=None):
        mask = inputs["padding_mask"]
        vectors = self.embeddings(inputs["token_ids"], mask)
        vectors = self.embedding_dropout(vectors, training=training)
        return {
            "features": masked_mean(vectors, mask),
            "hidden_states": [vectors],
            "padding_mask": mask,
        }
