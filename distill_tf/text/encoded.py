"""A whole column of texts as token ids, in flat NumPy arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from distill_tf.text.encoder import TextEncoder


@dataclass(frozen=True, eq=False)
class EncodedTexts:
    """Token rows end to end, five bytes a token.

    Row i is `token_ids[row_splits[i] : row_splits[i + 1]]`, and its segments likewise.

    Attributes:
        token_ids: [total] int32.
        segment_ids: [total] uint8.
        row_splits: [n + 1] int64, from 0 to total.
        pad_id: The token id that `pad` fills up with.
        num_truncated: How many rows lost tokens to the maximum length.
    """

    token_ids: np.ndarray
    segment_ids: np.ndarray
    row_splits: np.ndarray
    pad_id: int
    num_truncated: int

    def __len__(self) -> int:
        return len(self.row_splits) - 1

    @property
    def lengths(self) -> np.ndarray:
        """[n] int64 token counts."""
        return np.diff(self.row_splits)

    @property
    def truncated_fraction(self) -> float:
        """The share of rows that lost tokens, between 0 and 1."""
        return self.num_truncated / max(len(self), 1)

    def pad(self, indices: np.ndarray, length: int) -> dict[str, np.ndarray]:
        """Gathers rows into a dense batch.

        Args:
            indices: [b] row numbers.
            length: The width of the batch.

        Returns:
            `token_ids` and `segment_ids`, [b, length] int32, and `padding_mask`,
            [b, length] bool, True at tokens.

        Raises:
            ValueError: If one of the rows is longer than `length`.
        """
        starts = self.row_splits[indices]
        lengths = self.row_splits[np.add(indices, 1)] - starts
        if lengths.max(initial=0) > length:
            raise ValueError(
                f"A row of {lengths.max()} tokens does not fit a batch of width "
                f"{length}."
            )
        columns = np.arange(length)
        padding_mask = columns < lengths[:, np.newaxis]
        positions = (starts[:, np.newaxis] + columns)[padding_mask]
        token_ids = np.full(padding_mask.shape, self.pad_id, np.int32)
        token_ids[padding_mask] = self.token_ids[positions]
        segment_ids = np.zeros(padding_mask.shape, np.int32)
        segment_ids[padding_mask] = self.segment_ids[positions]
        return {
            "token_ids": token_ids,
            "segment_ids": segment_ids,
            "padding_mask": padding_mask,
        }


def encode_all(
    encoder: TextEncoder,
    texts_a: Sequence[str],
    texts_b: Sequence[str] | None = None,
    *,
    batch_size: int = 1024,
) -> EncodedTexts:
    """Encodes a column of texts, or of pairs, on all cores.

    Args:
        encoder: The layout and its tokenizer.
        texts_a: The n texts. Lone surrogates, which a JSON file may hold, are dropped.
        texts_b: The n second texts, or None.
        batch_size: How many rows one core encodes at a time.

    Returns:
        The n rows, in the order of the texts.

    Raises:
        ValueError: If the two columns differ in length.
        DistillError: If the encoder's `max_seq_length` is too small for the layout.
    """
    if texts_b is not None and len(texts_a) != len(texts_b):
        raise ValueError(
            f"{len(texts_a)} first texts do not pair with {len(texts_b)} second texts."
        )

    @tf.autograph.experimental.do_not_convert  # It would rewrite error messages.
    def encode(*columns: tf.Tensor) -> tuple[tf.Tensor, ...]:
        batch = encoder.encode(*columns)
        return (
            batch.token_ids.values,
            tf.cast(batch.segment_ids.values, tf.uint8),
            batch.token_ids.row_lengths(),
            tf.math.count_nonzero(batch.is_truncated),
        )

    columns = (texts_a,) if texts_b is None else (texts_a, texts_b)
    batches = (
        tf.data.Dataset.from_tensor_slices(tuple(map(_as_tensor, columns)))
        .batch(batch_size)
        .map(encode, num_parallel_calls=tf.data.AUTOTUNE)
        .as_numpy_iterator()
    )
    empty = (np.int32([]), np.uint8([]), np.int64([]), 0)
    token_ids, segment_ids, lengths, truncated = zip(empty, *batches, strict=True)
    return EncodedTexts(
        token_ids=np.concatenate(token_ids),
        segment_ids=np.concatenate(segment_ids),
        row_splits=np.cumsum(np.concatenate([[0], *lengths]), dtype=np.int64),
        pad_id=encoder.vocabulary.pad_id,
        num_truncated=int(sum(truncated)),
    )


def _as_tensor(texts: Sequence[str]) -> tf.Tensor:
    # A lone surrogate cannot be UTF-8; as invalid bytes the tokenizer drops it.
    texts = [text.encode("utf-8", "surrogatepass") for text in texts]
    return tf.constant(texts, tf.string, shape=[len(texts)])
