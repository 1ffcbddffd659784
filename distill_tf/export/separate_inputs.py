"""Inputs of models that read each text by itself, by the tokenizers library."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from distill_tf.export.exporter import import_tool
from distill_tf.export.padded_rows import padded_rows
from distill_tf.text.pair_layout import SIDES


class SeparateInputs:
    """Texts to the arrays [n, L] of `flat_inputs`, of pairs once a side.

    The same ids as `SeparateEncoder`'s: a text without any token becomes a single
    unknown one.

    Args:
        tokenizer: a `tokenizers.Tokenizer`, which truncates.
        pad_id: id of the word for padding.
        unk_id: id of the unknown word.
    """

    def __init__(self, tokenizer: Any, pad_id: int, unk_id: int):
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._pad_id = pad_id
        self._nothing = [unk_id]

    @classmethod
    def open(cls, path: Path, pad_id: int, unk_id: int, extra: str) -> "SeparateInputs":
        """Reads a tokenizer.json; `extra` of distill_tf installs what that takes."""
        tokenizers = import_tool("tokenizers", extra)
        return cls(tokenizers.Tokenizer.from_file(str(path)), pad_id, unk_id)

    def __call__(
        self, texts: Sequence[str], texts_b: Sequence[str] | None
    ) -> dict[str, np.ndarray]:
        if texts_b is None:
            return self._arrays(texts)
        return {
            f"{side}_{name}": array
            for side, column in zip(SIDES, (texts, texts_b), strict=True)
            for name, array in self._arrays(column).items()
        }

    def _arrays(self, texts: Sequence[str]) -> dict[str, np.ndarray]:
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        rows = [encoding.ids or self._nothing for encoding in encodings]
        return padded_rows(rows, self._pad_id)
