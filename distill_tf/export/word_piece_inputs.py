"""BERT's inputs without TensorFlow, by the tokenizers library: the fast way for one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from distill_tf.export.exporter import import_tool
from distill_tf.export.padded_rows import padded_rows


class WordPieceInputs:
    """Texts to `input_ids`, `token_type_ids` and `attention_mask`, [n, L] int64.

    The same ids as `TextEncoder`'s. A graph of TensorFlow operations takes half a
    millisecond for a sentence, most of it for starting the operations; this takes
    some twentieths of it.

    The library could lay out and cut the rows as well, but gives the odd token of a
    pair to the other text than google-research/bert does.

    Args:
        tokenizer: a `tokenizers.Tokenizer`.
        max_seq_length: the most tokens a row may have, special tokens included.
    """

    def __init__(self, tokenizer: Any, max_seq_length: int):
        tokenizer.no_truncation()
        tokenizer.no_padding()
        # A special token that stands in a text is text, as in our tokenizer.
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer
        self._max_seq_length = max_seq_length
        self._pad_id, self._cls_id, self._sep_id = (
            tokenizer.token_to_id(token) for token in ("[PAD]", "[CLS]", "[SEP]")
        )

    @classmethod
    def open(cls, path: Path, max_seq_length: int, extra: str) -> "WordPieceInputs":
        """Reads a tokenizer.json; `extra` of distill_tf installs what that takes."""
        tokenizers = import_tool("tokenizers", extra)
        return cls(tokenizers.Tokenizer.from_file(str(path)), max_seq_length)

    def __call__(
        self, texts: Sequence[str], texts_b: Sequence[str] | None
    ) -> dict[str, np.ndarray]:
        columns = [texts] if texts_b is None else [texts, texts_b]
        rows, first_segments = [], []
        for tokens in zip(*map(self._tokens, columns), strict=True):
            row, of_first = self._row(*tokens)
            rows.append(row)
            first_segments.append(of_first)
        return padded_rows(rows, self._pad_id, first_segments)

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        encodings = self._tokenizer.encode_batch_fast(
            list(texts), add_special_tokens=False
        )
        return [encoding.ids for encoding in encodings]

    def _row(
        self, first: list[int], second: list[int] | None = None
    ) -> tuple[list[int], int]:
        """The row's token ids, and how many of them belong to the first segment."""
        if second is None:
            row = [self._cls_id, *first[: self._max_seq_length - 2], self._sep_id]
            return row, len(row)
        room = self._max_seq_length - 3
        # See `distill_tf.text.truncation`.
        first = first[: max(room - len(second), room - room // 2)]
        head = [self._cls_id, *first, self._sep_id]
        return [*head, *second[: room - len(first)], self._sep_id], len(head)
