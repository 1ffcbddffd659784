"""The mean of a text's word vectors."""

from distill_tf.models.masked_pooling import masked_mean
from distill_tf.models.word_encoder import WordEncoder


class StaticEncoder(WordEncoder):
    """Embeddings -> dropout -> mean over the tokens.

    Takes `token_ids` and `padding_mask`, both [B, L]. Gives a dict:

    * `features`: [B, E], 0 of a row without tokens;
    * `hidden_states`: the embeddings [B, L, E], of no meaning at padding;
    * `padding_mask`: the input's.
    """

    def call(self, inputs, training=None):
        mask = inputs["padding_mask"]
        vectors = self.embeddings(inputs["token_ids"], mask)
        vectors = self.embedding_dropout(vectors, training=training)
        return {
            "features": masked_mean(vectors, mask),
            "hidden_states": [vectors],
            "padding_mask": mask,
        }
