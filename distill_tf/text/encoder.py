"""BERT's input layout: one text, or a pair with a segment each."""

from typing import NamedTuple

import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.text.settings import TextSettings
from distill_tf.text.truncation import keep_first
from distill_tf.text.truncation import longest_first_lengths
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.wordpiece import WordPieceTokenizer


class EncodedBatch(NamedTuple):
    """A batch of token rows, not yet padded.

    Attributes:
        token_ids: [n, (tokens)] int32.
        segment_ids: [n, (tokens)] int32; 1 for the second text and its `[SEP]`.
        is_truncated: [n] bool; whether the row lost tokens to the maximum length.
    """

    token_ids: tf.RaggedTensor
    segment_ids: tf.RaggedTensor
    is_truncated: tf.Tensor


class TextEncoder(tf.Module):
    """Lays texts out as `[CLS] a [SEP]` or `[CLS] a [SEP] b [SEP]`.

    Rows that are too long lose tokens at the end of a text; of a pair always the longer
    text loses one (see `truncation`), as in google-research/bert. Pure graph
    operations, like the tokenizer.

    Attributes:
        tokenizer: What turns texts into token ids.
        max_seq_length: The most tokens a row may have, special tokens included.
    """

    def __init__(self, tokenizer: WordPieceTokenizer, max_seq_length: int):
        """Sets the layout up.

        Args:
            tokenizer: What turns texts into token ids.
            max_seq_length: The most tokens a row may have, special tokens included.

        Raises:
            DistillError: If `max_seq_length` leaves no room for a token.
        """
        super().__init__()
        self.tokenizer = tokenizer
        self.max_seq_length = max_seq_length
        self._check_room("[CLS] a [SEP]", 3)

    @classmethod
    def from_settings(
        cls, vocabulary: Vocabulary, settings: TextSettings
    ) -> "TextEncoder":
        """Builds the encoder, tokenizer included, that `settings` describes."""
        tokenizer = WordPieceTokenizer(vocabulary, settings.do_lower_case)
        return cls(tokenizer, settings.max_seq_length)

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary the token ids refer to."""
        return self.tokenizer.vocabulary

    @property
    def row_lengths(self) -> tuple[int, ...]:
        """The most tokens of each row that an example becomes."""
        return (self.max_seq_length,)

    @property
    def settings(self) -> TextSettings:
        """What `from_settings` needs, beside the vocabulary, to build this again."""
        return TextSettings(self.tokenizer.do_lower_case, self.max_seq_length)

    def __call__(
        self, texts_a: tf.Tensor, texts_b: tf.Tensor | None = None
    ) -> dict[str, tf.RaggedTensor]:
        """Encodes a batch into the model's inputs, not yet padded.

        Args:
            texts_a: [n] tf.string.
            texts_b: [n] tf.string, or None for single texts.

        Returns:
            `token_ids` and `segment_ids`, [n, (tokens)] int32.

        Raises:
            DistillError: If `max_seq_length` leaves no room for a token of each text.
        """
        batch = self.encode(texts_a, texts_b)
        return {"token_ids": batch.token_ids, "segment_ids": batch.segment_ids}

    def encode(
        self, texts_a: tf.Tensor, texts_b: tf.Tensor | None = None
    ) -> EncodedBatch:
        """Encodes a batch as `__call__` does, and tells which rows were truncated."""
        if texts_b is None:
            return self._encode_single(self.tokenizer(texts_a))
        self._check_room("[CLS] a [SEP] b [SEP]", 5)
        return self._encode_pair(self.tokenizer(texts_a), self.tokenizer(texts_b))

    def _encode_single(self, tokens: tf.RaggedTensor) -> EncodedBatch:
        lengths = tokens.row_lengths()
        kept = tf.minimum(lengths, self.max_seq_length - 2)
        cls, sep = self._special_columns(tokens.nrows())
        token_ids = tf.concat([cls, keep_first(tokens, kept), sep], axis=1)
        return EncodedBatch(token_ids, tf.zeros_like(token_ids), kept < lengths)

    def _encode_pair(
        self, tokens_a: tf.RaggedTensor, tokens_b: tf.RaggedTensor
    ) -> EncodedBatch:
        lengths_a, lengths_b = tokens_a.row_lengths(), tokens_b.row_lengths()
        kept_a, kept_b = longest_first_lengths(
            lengths_a, lengths_b, self.max_seq_length - 3
        )
        cls, sep = self._special_columns(tokens_a.nrows())
        first = tf.concat([cls, keep_first(tokens_a, kept_a), sep], axis=1)
        second = tf.concat([keep_first(tokens_b, kept_b), sep], axis=1)
        return EncodedBatch(
            tf.concat([first, second], axis=1),
            tf.concat([tf.zeros_like(first), tf.ones_like(second)], axis=1),
            kept_a + kept_b < lengths_a + lengths_b,
        )

    def _special_columns(self, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        shape = tf.stack([rows, 1])
        vocabulary = self.vocabulary
        return tf.fill(shape, vocabulary.cls_id), tf.fill(shape, vocabulary.sep_id)

    def _check_room(self, layout: str, minimum: int) -> None:
        if self.max_seq_length < minimum:
            raise DistillError(
                f"max_seq_length must be at least {minimum} for the layout {layout} "
                f"but is {self.max_seq_length}: raise it."
            )
