"""Encoded examples as arrays of one length, and what lengths that takes."""

from typing import Any

import numpy as np

from distill_tf.data.length_buckets import padded_length
from distill_tf.data.length_buckets import padded_lengths
from distill_tf.data.length_buckets import pair_key
from distill_tf.text import EncodedForSeveral
from distill_tf.text import EncodedPairs
from distill_tf.text import EncodedTexts

Encoded = EncodedTexts | EncodedPairs | EncodedForSeveral
# Of pairs that are read text by text, one such dict a side; for several models that
# read in their own ways, a tuple.
Inputs = dict[str, Any] | tuple[dict[str, Any], ...]


def pad(encoded: Encoded, indices: np.ndarray) -> Inputs:
    """The chosen examples, padded to a common length; of pairs, each side to its own.

    Returns:
        `token_ids`, `segment_ids` and `padding_mask`, each [b, L]; for `EncodedPairs`
        what their layout makes of such a dict a side; for `EncodedForSeveral` a tuple
        with what this gives for each part.
    """
    if isinstance(encoded, EncodedForSeveral):
        padded = {part: pad(part, indices) for part in dict.fromkeys(encoded.parts)}
        return tuple(padded[part] for part in encoded.parts)
    if not isinstance(encoded, EncodedPairs):
        return _pad_texts(encoded, indices)
    layout = encoded.layout
    widths = layout.max_tokens if layout.pads_to_max else (None, None)
    return layout.join(
        _pad_texts(encoded.first, indices, widths[0]),
        _pad_texts(encoded.second, indices, widths[1]),
    )


def _pad_texts(
    encoded: EncodedTexts, indices: np.ndarray, width: int | None = None
) -> Inputs:
    width = width or padded_length(encoded.lengths[indices], encoded.max_length)
    return encoded.pad(indices, width)


def padded_widths(encoded: EncodedTexts | EncodedPairs) -> np.ndarray:
    """Tokens [n, s] that `pad` makes of each example at least, special ones included.

    Of pairs both sides, which a batch pads each by itself, and the tokens between.
    """
    if isinstance(encoded, EncodedTexts):
        return padded_lengths(encoded.lengths, encoded.max_length)[:, np.newaxis]
    layout = encoded.layout
    if layout.pads_to_max:
        sides = np.broadcast_to(layout.max_tokens, (len(encoded), 2))
    else:
        sides = np.concatenate(
            [padded_widths(encoded.first), padded_widths(encoded.second)], axis=1
        )
    return np.pad(sides, [(0, 0), (0, 1)], constant_values=layout.num_special)


def bucket_key(encoded: Encoded) -> np.ndarray:
    """By what examples [n] are sorted, so that those side by side need little padding.

    Their lengths; of pairs see `pair_key`.
    """
    if not isinstance(encoded, EncodedPairs):
        return encoded.lengths
    return pair_key(encoded.first.lengths, encoded.second.lengths)
