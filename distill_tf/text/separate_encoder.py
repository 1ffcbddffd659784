"""Texts as token rows of their own, for models that read each by itself."""

from collections.abc import Sequence

import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.text.encoder import EncodedBatch
from distill_tf.text.pair_layout import SIDES
from distill_tf.text.pair_layout import BipartiteLayout
from distill_tf.text.pair_layout import SeparateLayout
from distill_tf.text.pair_layout import TowersLayout
from distill_tf.text.settings import TextSettings
from distill_tf.text.truncation import keep_first
from distill_tf.text.word_tokenizer import WordTokenizer
from distill_tf.text.wordpiece import WordPieceTokenizer

_SIDED = {"towers": TowersLayout, "bipartite": BipartiteLayout}


class SeparateEncoder(tf.Module):
    """Lays each text out as its tokens, without special ones.

    Both texts of a pair are rows of their own. A row that is too long loses tokens at
    its end; one without any token becomes a single unknown token, so that none is
    empty. What else a model reads, special tokens for instance, `pair_layout` adds to
    padded rows.

    Texts go through `segment`, in Python, and then through `encode` or `__call__`,
    pure graph operations that a SavedModel can hold. `segment` changes nothing unless
    `segments_in_python`, that is with jieba.

    Attributes:
        tokenizer: What turns texts into token ids.
        max_seq_length: The most tokens a text may have; in the layouts with special
            tokens, a pair in one row.
    """

    def __init__(
        self, tokenizer: WordPieceTokenizer | WordTokenizer, settings: TextSettings
    ):
        """Sets the layout up; `build_encoder` also makes the tokenizer.

        Args:
            tokenizer: What turns texts into token ids, as `settings` says.
            settings: What was asked for.

        Raises:
            DistillError: If `max_seq_length` leaves no room for a token.
        """
        super().__init__()
        if settings.max_seq_length < 1:
            raise DistillError(
                "max_seq_length must be at least 1, but is "
                f"{settings.max_seq_length}: raise it."
            )
        self.tokenizer = tokenizer
        self._settings = settings

    @property
    def max_seq_length(self) -> int:
        return self._settings.max_seq_length

    @property
    def pair_layout(self) -> SeparateLayout:
        """How two padded rows become a model's inputs."""
        settings = self._settings
        if settings.layout == "separate":
            return SeparateLayout(settings.max_tokens)
        layout = _SIDED[settings.layout]
        return layout(
            settings.max_tokens,
            settings.pads_to_max,
            cls_id=self.vocabulary.cls_id,
            sep_id=self.vocabulary.sep_id,
        )

    @property
    def vocabulary(self):
        """The vocabulary the token ids refer to."""
        return self.tokenizer.vocabulary

    @property
    def row_lengths(self) -> tuple[int, ...]:
        """The most tokens of each row that an example becomes."""
        return self._settings.row_lengths

    @property
    def settings(self) -> TextSettings:
        """What `build_encoder` needs, beside the vocabulary, to build this again."""
        return self._settings

    @property
    def segments_in_python(self) -> bool:
        """Whether a SavedModel of this needs texts that went through `segment`."""
        return self.tokenizer.segments_in_python

    def segment(self, texts: Sequence[str]) -> Sequence[str]:
        """The first step, in Python: marks word boundaries by spaces."""
        return self.tokenizer.segment(texts)

    def split_words(self, texts: Sequence[str]) -> list[list[str]]:
        """The words, or pieces of words, of each text, as they are looked up."""
        return self.tokenizer.split_words(texts)

    def __call__(
        self, texts_a: tf.Tensor, texts_b: tf.Tensor | None = None
    ) -> dict[str, tf.RaggedTensor] | dict[str, dict[str, tf.RaggedTensor]]:
        """Encodes a batch of segmented texts into token rows, not yet padded.

        Args:
            texts_a: [n] tf.string.
            texts_b: [n] tf.string, or None for single texts.

        Returns:
            `token_ids` and `segment_ids`, [n, (tokens)] int32; for pairs such a dict
            in `first` and one in `second`.
        """
        first = self._rows(texts_a, SIDES[0])
        if texts_b is None:
            return first
        return {"first": first, "second": self._rows(texts_b, SIDES[1])}

    def _rows(self, texts: tf.Tensor, side: str) -> dict[str, tf.RaggedTensor]:
        batch = self.encode(texts, side)
        return {"token_ids": batch.token_ids, "segment_ids": batch.segment_ids}

    def encode(self, texts: tf.Tensor, side: str = SIDES[0]) -> EncodedBatch:
        """Encodes the texts of one side, and tells which rows were truncated."""
        tokens = self.tokenizer(texts)
        lengths = tokens.row_lengths()
        kept = tf.minimum(lengths, self._settings.max_tokens[SIDES.index(side)])
        is_empty = lengths == 0
        unknown = tf.RaggedTensor.from_row_lengths(
            tf.fill([tf.math.count_nonzero(is_empty)], self.vocabulary.unk_id),
            tf.cast(is_empty, tf.int64),
        )
        token_ids = tf.concat([keep_first(tokens, kept), unknown], axis=1)
        return EncodedBatch(token_ids, tf.zeros_like(token_ids), kept < lengths)
