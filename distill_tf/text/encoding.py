"""Encoding of whole columns of texts, on all cores."""

import functools
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from distill_tf.text.encoded import EncodedTexts
from distill_tf.text.encoded_pairs import EncodedPairs
from distill_tf.text.encoder import EncodedBatch
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.pair_layout import SIDES
from distill_tf.text.preset_encoder import PresetEncoder
from distill_tf.text.separate_encoder import SeparateEncoder
from distill_tf.text.several import EncodedForSeveral
from distill_tf.text.several import SeveralEncoders
from distill_tf.text.string_tensors import as_string_tensor

_FEW = 64


def encode_all(
    encoder: TextEncoder | SeparateEncoder | PresetEncoder | SeveralEncoders,
    texts_a: Sequence[str],
    texts_b: Sequence[str] | None = None,
    *,
    batch_size: int = 1024,
) -> EncodedTexts | EncodedPairs | EncodedForSeveral:
    """Encodes a column of texts, or of pairs.

    Args:
        encoder: The layout and its tokenizer.
        texts_a: The n texts. Lone surrogates, which a JSON file may hold, are dropped.
        texts_b: The n second texts, or None.
        batch_size: How many rows one core encodes at a time.

    Returns:
        The n rows, in the order of the texts; `EncodedPairs` if there are two columns
        and the layout keeps them apart, `EncodedForSeveral` from `SeveralEncoders`.

    Raises:
        ValueError: If the two columns differ in length.
        DistillError: If the encoder's `max_seq_length` is too small for the layout.
    """
    if texts_b is not None and len(texts_a) != len(texts_b):
        raise ValueError(
            f"{len(texts_a)} first texts do not pair with {len(texts_b)} second texts."
        )
    if isinstance(encoder, SeveralEncoders):
        return encoder.encode_each(
            lambda one: encode_all(one, texts_a, texts_b, batch_size=batch_size)
        )
    if isinstance(encoder, PresetEncoder):
        return encoder.encode_all(texts_a, texts_b, batch_size=batch_size)
    if isinstance(encoder, SeparateEncoder):
        first = encode_side(encoder, texts_a, SIDES[0], batch_size=batch_size)
        if texts_b is None:
            return first
        second = encode_side(encoder, texts_b, SIDES[1], batch_size=batch_size)
        return EncodedPairs(first, second, encoder.pair_layout)
    columns = [texts_a] if texts_b is None else [texts_a, texts_b]
    return _encode(encoder.encode, encoder.vocabulary.pad_id, columns, batch_size)


def encode_side(
    encoder: SeparateEncoder,
    texts: Sequence[str],
    side: str,
    *,
    batch_size: int = 1024,
) -> EncodedTexts:
    """Encodes the texts of one side of pairs, "first" or "second"."""
    return _encode(
        functools.partial(encoder.encode, side=side),
        encoder.vocabulary.pad_id,
        [encoder.segment(texts)],
        batch_size,
    )


def _encode(
    encode_batch: Callable[..., EncodedBatch],
    pad_id: int,
    columns: list[Sequence[str]],
    batch_size: int,
) -> EncodedTexts:
    @tf.autograph.experimental.do_not_convert  # It would rewrite error messages.
    def encode(*columns: tf.Tensor) -> tuple[tf.Tensor, ...]:
        batch = encode_batch(*columns)
        return (
            batch.token_ids.values,
            tf.cast(batch.segment_ids.values, tf.uint8),
            batch.token_ids.row_lengths(),
            tf.math.count_nonzero(batch.is_truncated),
        )

    tensors = tuple(map(as_string_tensor, columns))
    if len(columns[0]) <= _FEW:
        # Tracing a pipeline would take far longer than encoding them.
        batches = [[np.asarray(part) for part in encode(*tensors)]]
    else:
        batches = (
            tf.data.Dataset.from_tensor_slices(tensors)
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
        pad_id=pad_id,
        num_truncated=int(sum(truncated)),
    )
