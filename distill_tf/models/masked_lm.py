"""A BERT that predicts masked words."""

from collections.abc import Mapping
from typing import Any

import tensorflow as tf
from keras import ops

from distill_tf.models.bert_config import BertConfig
from distill_tf.models.bert_model import BertModel
from distill_tf.models.masked_lm_head import MaskedLmHead


class BertMaskedLm(BertModel):
    """The encoder with its masked-language-model head, at the positions asked for.

    Beside what `BertModel` takes, `masked_positions` [B, P] and `masked_token_ids`
    [B, P], the tokens that were there, -1 where a row has fewer than P. The outputs
    have, beside the encoder's, `masked_lm_logits` [B, P, V] float32 and the input's
    `masked_token_ids`.

    Args:
        config: the encoder's sizes.
        vocabulary_size: V, the tokens that can be predicted; a checkpoint may have
            more rows of word embeddings than that, for speed.
        head_dtype: what the head computes in; by default what the encoder does.
    """

    def __init__(
        self,
        config: BertConfig,
        vocabulary_size: int,
        head_dtype: str | None = None,
        **kwargs,
    ):
        super().__init__(config, **kwargs)
        self.vocabulary_size = vocabulary_size
        self.masked_lm_head = MaskedLmHead(
            config, dtype=head_dtype or self.dtype_policy, name="masked_lm_head"
        )
        self.masked_lm_head.build()

    def compute_outputs(
        self, inputs: Mapping[str, Any], training: bool | None = None
    ) -> dict[str, Any]:
        outputs = super().compute_outputs(inputs, training=training)
        hidden_states = outputs["hidden_states"][-1]
        positions = inputs["masked_positions"]
        return {
            **outputs,
            "masked_lm_logits": self._logits(hidden_states, positions, training),
            "masked_token_ids": inputs["masked_token_ids"],
        }

    def masked_lm_logits(
        self, inputs: Mapping[str, tf.Tensor], positions: tf.Tensor
    ) -> tf.Tensor:
        """Logits [B, P, V] float32 of the tokens at positions [B, P]."""
        outputs = self.encoder(inputs, training=False)
        return self._logits(outputs["hidden_states"][-1], positions, training=False)

    def _logits(self, hidden_states, positions, training):
        rows = tf.gather(hidden_states, positions, axis=1, batch_dims=1)
        embeddings = tf.convert_to_tensor(self.encoder.embeddings.word_embeddings)
        logits = self.masked_lm_head(
            ops.reshape(rows, (-1, self.config.hidden_size)),
            embeddings[: self.vocabulary_size],
            training=training,
        )
        shape = (*ops.shape(positions), self.vocabulary_size)
        return ops.reshape(ops.cast(logits, "float32"), shape)
