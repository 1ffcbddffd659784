"""Mask words in augmented training texts, as the token that a model has for them."""

from dataclasses import replace

import numpy as np

from distill_tf.augmentation.config import DEFAULT_MASK_WORD
from distill_tf.text import EncodedPairs
from distill_tf.text import EncodedTexts
from distill_tf.text import SeparateEncoder
from distill_tf.text import TextEncoder
from distill_tf.text import Vocabulary


def restore_masks(
    encoded: EncodedTexts | EncodedPairs,
    encoder: TextEncoder | SeparateEncoder,
    mask_word: str = DEFAULT_MASK_WORD,
) -> EncodedTexts | EncodedPairs:
    """Replaces what an encoder made of the mask word by one token.

    A tokenizer reads "[MASK]" as text, since no user's input may forge a special
    token: three tokens, "[", "mask" and "]". In training texts that were written by
    `TangRewriter` it stands for BERT's `[MASK]` and, in a vocabulary of words, for the
    unknown word, as Tang et al. have it. Apply this to training data alone.

    Args:
        encoded: what `encode_all` made of the texts.
        encoder: with which it did.
        mask_word: what the texts have in place of a masked word.

    Returns:
        The same rows, some of them shorter.
    """
    if isinstance(encoded, EncodedPairs):
        return replace(
            encoded,
            first=restore_masks(encoded.first, encoder, mask_word),
            second=restore_masks(encoded.second, encoder, mask_word),
        )
    tokenizer, vocabulary = encoder.tokenizer, encoder.vocabulary
    pattern = tokenizer(tokenizer.segment([mask_word])).values.numpy()
    if (pattern == vocabulary.unk_id).all():
        # It is unknown already, and so is whatever else looks like it.
        return encoded
    mask_id = vocabulary.mask_id if isinstance(vocabulary, Vocabulary) else None
    token = vocabulary.unk_id if mask_id is None else mask_id
    starts = _find(encoded, pattern)
    token_ids = encoded.token_ids.copy()
    token_ids[starts] = token
    is_kept = np.ones(len(token_ids), bool)
    for offset in range(1, len(pattern)):
        is_kept[starts + offset] = False
    kept_before = np.concatenate([[0], np.cumsum(is_kept)])
    return replace(
        encoded,
        token_ids=token_ids[is_kept],
        segment_ids=encoded.segment_ids[is_kept],
        row_splits=kept_before[encoded.row_splits],
    )


def _find(encoded: EncodedTexts, pattern: np.ndarray) -> np.ndarray:
    """Where the pattern starts, without overlaps, within single rows."""
    token_ids = encoded.token_ids
    if len(token_ids) < len(pattern):
        return np.empty(0, np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(token_ids, len(pattern))
    matches = np.flatnonzero((windows == pattern).all(axis=1))
    rows = np.searchsorted(encoded.row_splits, matches, side="right")
    last_rows = np.searchsorted(
        encoded.row_splits, matches + len(pattern) - 1, side="right"
    )
    starts: list[int] = []
    for match in matches[rows == last_rows].tolist():
        if not starts or match >= starts[-1] + len(pattern):
            starts.append(match)
    return np.array(starts, np.int64)
