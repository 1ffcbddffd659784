"""The poly-encoder with a document's first tokens as its codes."""

from keras import ops

from distill_tf.models.interactions.cross_attention import cross_attention_scores
from distill_tf.models.interactions.cross_attention import masked_softmax
from distill_tf.models.interactions.interaction import Interaction
from distill_tf.models.interactions.interaction import first_tokens
from distill_tf.models.interactions.interaction import one_vector


class Poly(Interaction):
    """What the query's pooled vector attends to among the first document tokens.

    softmax(u V^T / sqrt(H)) V over the first `poly_first_m` states V. Humeau et al.
    (arXiv:1905.01969) let a candidate attend to codes of the context; VIRT takes the
    document for the side with the codes, and the attended vector alone for features.
    """

    @property
    def features_width(self):
        return self.config.bert.hidden_size

    def keep(self, outputs, position_ids, side):
        if side == "first":
            return one_vector(outputs, self.config.pooling_strategy)
        return first_tokens(outputs, position_ids, self.config.poly_first_m)

    def call(self, first, second, training=None):
        scores = cross_attention_scores(first.vectors, second.vectors)
        probabilities = masked_softmax(scores, second.mask)
        probabilities = ops.cast(probabilities, second.vectors.dtype)
        return ops.matmul(probabilities, second.vectors)[:, 0]

    def flops(self, first_length, second_length):
        codes = min(self.config.poly_first_m, second_length)
        return 4 * codes * self.config.bert.hidden_size
