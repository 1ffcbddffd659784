"""Interactions that read both texts together in one more transformer layer."""

from abc import abstractmethod
from dataclasses import replace

from keras import ops

from distill_tf.models.bert import TransformerLayer
from distill_tf.models.interactions.interaction import Interaction
from distill_tf.models.interactions.interaction import every_token
from distill_tf.models.interactions.interaction import first_tokens
from distill_tf.models.masked_pooling import masked_mean

# As VIRT has it for its DiPair.
_DIPAIR_TOKENS = {"first": 8, "second": 16}


class JointLayer(Interaction):
    """The mean over the tokens of a BERT layer on both texts' states.

    Subclasses say which states.
    """

    def __init__(self, config, num_classes, **kwargs):
        super().__init__(config, num_classes, **kwargs)
        self.joint_layer = TransformerLayer(
            config.bert, dtype=self.dtype_policy, name="joint_layer"
        )

    def build(self, input_shape=None):
        self.joint_layer.build()
        self.built = True

    @property
    def features_width(self):
        return self.config.bert.hidden_size

    def call(self, first, second, training=None):
        states = ops.concatenate([first.vectors, second.vectors], axis=1)
        mask = ops.concatenate([first.mask, second.mask], axis=1)
        rows = ops.reshape(states, (-1, self.config.bert.hidden_size))
        rows, _ = self.joint_layer(rows, mask, training=training)
        return masked_mean(ops.reshape(rows, ops.shape(states)), mask)

    def flops(self, first_length, second_length):
        one_layer = replace(self.config.bert, num_hidden_layers=1)
        return one_layer.flops(self._kept_tokens(first_length, second_length))

    @abstractmethod
    def _kept_tokens(self, first_length: int, second_length: int) -> int:
        """How many tokens the layer reads."""


class Deformer(JointLayer):
    """Cao et al. (arXiv:2005.00697): the last of BERT's layers reads both texts.

    The towers are the layers below. VIRT's form has one layer above, and starts it
    from the pre-trained last layer.
    """

    def keep(self, outputs, position_ids, side):
        return every_token(outputs)

    def _kept_tokens(self, first_length, second_length):
        return first_length + second_length


class DiPair(JointLayer):
    """Chen et al. (arXiv:2010.03099): a new layer reads the first tokens of both.

    VIRT's form: the first 8 tokens of the query and 16 of the document, and one layer
    with random weights above towers of full depth.
    """

    def keep(self, outputs, position_ids, side):
        return first_tokens(outputs, position_ids, _DIPAIR_TOKENS[side])

    def _kept_tokens(self, first_length, second_length):
        lengths = zip(
            (first_length, second_length), _DIPAIR_TOKENS.values(), strict=True
        )
        return sum(min(length, tokens) for length, tokens in lengths)
