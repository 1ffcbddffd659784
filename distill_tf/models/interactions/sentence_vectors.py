"""Interactions that keep one vector a text: SBERT and the bi-encoder."""

from keras import ops

from distill_tf.models.interactions.interaction import Interaction
from distill_tf.models.interactions.interaction import one_vector
from distill_tf.models.pair_features import PAIR_WIDTH
from distill_tf.models.pair_features import concat_diff_squared_max


class BiEncoder(Interaction):
    """[u; v] of the pooled vectors u and v."""

    @property
    def features_width(self):
        return 2 * self.config.bert.hidden_size

    def keep(self, outputs, position_ids, side):
        return one_vector(outputs, self.config.pooling_strategy)

    def call(self, first, second, training=None):
        return ops.concatenate([first.vectors[:, 0], second.vectors[:, 0]], axis=-1)

    def flops(self, first_length, second_length):
        return 0


class Sbert(BiEncoder):
    """[u; v; |u - v|; max(u, v)^2], VIRT's form of Sentence-BERT.

    Reimers and Gurevych (arXiv:1908.10084) have [u; v; |u - v|].
    """

    @property
    def features_width(self):
        return PAIR_WIDTH * self.config.bert.hidden_size

    def call(self, first, second, training=None):
        return concat_diff_squared_max(first.vectors[:, 0], second.vectors[:, 0])
