"""A BERT that predicts masked words."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf
from absl import logging

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.masked_lm_head import read_masked_lm_head
from distill_tf.errors import DistillError
from distill_tf.models.masked_lm import BertMaskedLm
from distill_tf.precision import resolve_precision
from distill_tf.text import Vocabulary
from distill_tf.text import WordPieceTokenizer


class MaskedLanguageModel:
    """A pre-trained BERT with its masked-language-model head (arXiv:1810.04805).

    Attributes:
        tokenizer: how it splits words into pieces.
        max_length: the most tokens of a sequence.
    """

    def __init__(
        self,
        checkpoint: BertCheckpoint,
        tokenizer: WordPieceTokenizer,
        max_length: int,
        precision: str = "auto",
    ):
        """Builds encoder and head.

        Args:
            checkpoint: the weights.
            tokenizer: how its vocabulary splits texts.
            max_length: the most tokens wanted; at most the model's positions.
            precision: see `resolve_precision`; the head computes in float32.

        Raises:
            DistillError: there is no head.
        """
        self.tokenizer = tokenizer
        self.max_length = min(max_length, checkpoint.config.max_position_embeddings)
        head = read_masked_lm_head(
            checkpoint,
            "give a pre-trained BERT with --init_checkpoint, or take "
            "--augment_source=vectors",
        )
        self._vocab_size = len(tokenizer.vocabulary)
        # In bfloat16 words of nearly the same probability would change places.
        self._model = BertMaskedLm(
            checkpoint.config,
            self._vocab_size,
            head_dtype="float32",
            dtype=resolve_precision(precision),
        )
        logging.info("%s", checkpoint.load_into(self._model.encoder))
        self._model.masked_lm_head.load(head)
        self._predict = tf.function(self._best_tokens, reduce_retracing=True)

    def best_tokens(
        self, inputs: Mapping[str, np.ndarray], positions: np.ndarray, count: int
    ) -> np.ndarray:
        """The likeliest tokens at one position of each row.

        Args:
            inputs: `token_ids` and `segment_ids` [B, L] int32, `padding_mask` [B, L]
                bool.
            positions: [B] int32.
            count: how many tokens; at most the vocabulary's.

        Returns:
            [B, count] token ids, likeliest first.
        """
        tensors = {name: tf.constant(array) for name, array in inputs.items()}
        count = min(count, self._vocab_size)
        best = self._predict(tensors, tf.constant(positions), tf.constant(count))
        return best.numpy()

    def _best_tokens(
        self, inputs: dict[str, tf.Tensor], positions: tf.Tensor, count: tf.Tensor
    ) -> tf.Tensor:
        logits = self._model.masked_lm_logits(inputs, positions[:, None])
        return tf.math.top_k(logits[:, 0], count).indices


def load_masked_lm(
    path: str,
    *,
    max_length: int,
    bert_config_file: str = "",
    vocab_file: str = "",
    do_lower_case: bool | None = None,
) -> MaskedLanguageModel:
    """Reads a masked language model from anything that `load_checkpoint` reads.

    Raises:
        DistillError: it cannot be read, or lacks a head, a vocabulary or a [MASK].
    """
    checkpoint = load_checkpoint(path, bert_config_file or None, vocab_file or None)
    if checkpoint.tokens is None:
        raise DistillError(
            f"{checkpoint.source} comes without a vocabulary; give it with vocab_file."
        )
    vocabulary = Vocabulary(checkpoint.tokens, source=checkpoint.source)
    if vocabulary.mask_id is None:
        raise DistillError(
            f"the vocabulary of {checkpoint.source} has no [MASK], so the model cannot "
            "predict words; give another with vocab_file, or take "
            "--augment_source=vectors."
        )
    if do_lower_case is None:
        do_lower_case = checkpoint.do_lower_case is not False
    tokenizer = WordPieceTokenizer(vocabulary, do_lower_case)
    return MaskedLanguageModel(checkpoint, tokenizer, max_length)
