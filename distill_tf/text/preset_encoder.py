"""Reading as the preprocessor of a KerasHub preset does."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from distill_tf.text.encoded import EncodedTexts
from distill_tf.text.string_tensors import as_string_tensor


class PresetEncoder:
    """Texts, or pairs, to the token rows of a model of another family than BERT.

    Tokens, special tokens and truncation are those of the preset's own preprocessor.

    Args:
        preprocessor: a KerasHub `TextClassifierPreprocessor`.
        max_seq_length: the most tokens a row may have, special tokens included.
    """

    def __init__(self, preprocessor, max_seq_length: int):
        self._preprocessor = preprocessor
        self.max_seq_length = max_seq_length

    @property
    def row_lengths(self) -> tuple[int, ...]:
        """The most tokens of each row that an example becomes."""
        return (self.max_seq_length,)

    @property
    def pad_id(self) -> int:
        return self._preprocessor.tokenizer.pad_token_id

    def encode_all(
        self,
        texts_a: Sequence[str],
        texts_b: Sequence[str] | None = None,
        *,
        batch_size: int = 1024,
    ) -> EncodedTexts:
        """Encodes a column of texts, or of pairs; see `distill_tf.text.encode_all`."""
        columns = [as_string_tensor(texts_a)]
        if texts_b is not None:
            columns.append(as_string_tensor(texts_b))
        token_ids, segment_ids, lengths = [np.int32([])], [np.uint8([])], [np.int64([])]
        num_truncated = 0
        for start in range(0, len(texts_a), batch_size):
            batch = tuple(column[start : start + batch_size] for column in columns)
            rows = self._pack(batch, self.max_seq_length)
            mask = rows["padding_mask"]
            segments = rows.get("segment_ids", np.zeros_like(rows["token_ids"]))
            token_ids.append(rows["token_ids"][mask])
            segment_ids.append(segments[mask].astype(np.uint8))
            lengths.append(mask.sum(axis=1))
            num_truncated += self._count_truncated(batch, lengths[-1])
        return EncodedTexts(
            token_ids=np.concatenate(token_ids),
            segment_ids=np.concatenate(segment_ids),
            row_splits=np.cumsum(np.concatenate([[0], *lengths]), dtype=np.int64),
            pad_id=self.pad_id,
            num_truncated=num_truncated,
        )

    def _pack(
        self, columns: tuple[tf.Tensor, ...], length: int
    ) -> dict[str, np.ndarray]:
        self._preprocessor.sequence_length = length
        # By name, since a tuple in the first place would be (texts, labels).
        rows = self._preprocessor(x=columns if len(columns) > 1 else columns[0])
        return {name: np.asarray(values) for name, values in rows.items()}

    def _count_truncated(
        self, columns: tuple[tf.Tensor, ...], lengths: np.ndarray
    ) -> int:
        """The rows that take one token more where there is room for it."""
        full = np.flatnonzero(lengths == self.max_seq_length)
        if not len(full):
            return 0
        columns = tuple(tf.gather(column, full) for column in columns)
        rows = self._pack(columns, self.max_seq_length + 1)
        return int((rows["padding_mask"].sum(axis=1) > self.max_seq_length).sum())
