"""VIRT-adapted interaction: one attention in each direction, then means."""

from keras import ops

from distill_tf.models.interactions.cross_attention import cross_attention_scores
from distill_tf.models.interactions.cross_attention import masked_softmax
from distill_tf.models.interactions.interaction import Interaction
from distill_tf.models.interactions.interaction import every_token
from distill_tf.models.masked_pooling import masked_mean
from distill_tf.models.pair_features import PAIR_WIDTH
from distill_tf.models.pair_features import concat_diff_squared_max


class LateFusion(Interaction):
    """Li et al. (arXiv:2112.04195): the light interaction of VIRT.

    With the last states U [M, H] of the first text and V [N, H] of the second one,

        e1 = mean over i of softmax_j(U V^T / sqrt(H)) V,
        e2 = mean over j of softmax_i(V U^T / sqrt(H)) U,

    and the features are [e1; e2; |e1 - e2|; max(e1, e2)^2]. Both means are over the
    text's tokens. lidan528/VIRT (newly_late_interaction) takes them over the padding
    as well, which `strict_virt` does.

    A mean of products is the product of the mean: the probabilities are averaged
    before they meet the states, which leaves a third of the work.
    """

    @property
    def features_width(self):
        return PAIR_WIDTH * self.config.bert.hidden_size

    def keep(self, outputs, position_ids, side):
        return every_token(outputs)

    def call(self, first, second, training=None):
        scores = cross_attention_scores(first.vectors, second.vectors)
        return concat_diff_squared_max(
            self._attended(scores, first.mask, second),
            self._attended(ops.transpose(scores, (0, 2, 1)), second.mask, first),
        )

    def _attended(self, scores, mask, attended):
        """The mean over rows [B, M] of what they attend to, [B, H]."""
        if self.config.strict_virt:
            mask = ops.ones_like(mask)
        probabilities = masked_softmax(scores, attended.mask)
        shares = masked_mean(probabilities, mask)
        shares = ops.cast(ops.expand_dims(shares, 1), attended.vectors.dtype)
        return ops.matmul(shares, attended.vectors)[:, 0]

    def flops(self, first_length, second_length):
        width = self.config.bert.hidden_size
        scores = 2 * first_length * second_length * width
        return scores + 2 * (first_length + second_length) * width
