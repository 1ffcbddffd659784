"""A classifier over words: what the students without attention share."""

import math
from typing import ClassVar

import numpy as np
from keras import ops

from distill_tf.models.base_classifier import BaseClassifier
from distill_tf.models.mlp_head import MlpHead
from distill_tf.models.pair_features import PAIR_FEATURES
from distill_tf.models.word_config import WordConfig
from distill_tf.models.word_encoder import WordEncoder


class WordClassifier(BaseClassifier):
    """Encoder -> vector of the text, or of the pair -> hidden layer -> head.

    A text is a dict of `token_ids`, integers [B, L], and `padding_mask`, bool [B, L],
    true at the tokens, which come first; `segment_ids` may be there and are not read.
    A pair is a dict of `first` and `second`, each such a dict, padded by themselves;
    both pass through the same encoder. `num_classes` is 1 for regression.

    Calling the model gives the logits, float32 [B, num_classes].

    A subclass says which configuration it takes, and which encoder, that gives a dict
    of `features`, `hidden_states` and `padding_mask`.
    """

    config_type: ClassVar[type[WordConfig]]
    encoder_type: ClassVar[type[WordEncoder]]

    def __init__(self, config: WordConfig, num_classes: int, **kwargs):
        super().__init__(config, num_classes, **kwargs)
        self.encoder = self.encoder_type(
            config, dtype=self.dtype_policy, name="encoder"
        )
        self.head = MlpHead(config, num_classes, dtype=self.dtype_policy, name="head")
        self.build()

    def build(self, input_shape=None):
        self.encoder.build()
        self.head.build()
        self.built = True

    def compute_outputs(self, inputs, training=None) -> dict:
        """The encoder's outputs, and `logits`, float32 [B, num_classes].

        `features` [B, D] is what the hidden layer reads. Of a pair there are no
        `hidden_states`, and `padding_mask` [B, L1 + L2] holds both texts'.
        """
        if self.config.is_pair:
            outputs = self._encode_pair(inputs, training)
        else:
            outputs = self.encoder(inputs, training=training)
        logits = self.head(outputs["features"], training=training)
        return {**outputs, "logits": logits}

    def _encode_pair(self, inputs, training):
        sides = [
            self.encoder(inputs[side], training=training)
            for side in ("first", "second")
        ]
        join = PAIR_FEATURES[self.config.pair_features]
        return {
            "features": join(*(side["features"] for side in sides)),
            "padding_mask": ops.concatenate(
                [side["padding_mask"] for side in sides], axis=1
            ),
        }

    def set_embeddings(self, vectors: np.ndarray) -> None:
        """Starts from given word vectors [V, E]; DistillError if the sizes differ."""
        self.encoder.embeddings.set_vectors(vectors)

    @property
    def num_embedding_parameters(self) -> int:
        """Those of `num_parameters` that are word vectors."""
        return math.prod(self.encoder.embeddings.table.shape)

    def flops(self, length: int) -> int:
        """Operations of a forward pass over one example; see `WordConfig.flops`."""
        return self.config.flops(length, self.num_classes)
