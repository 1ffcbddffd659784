"""Random texts as long as SST-2's, and the batches that all contestants read.

Only NumPy, so that a contestant's process holds no other one's library.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from settings import Settings

from distill_tf.data.length_buckets import padded_length
from distill_tf.data.length_buckets import pair_key
from distill_tf.data.length_buckets import shuffled_buckets

# Every twentieth of SST-2's 67,349 training texts has at most so many word pieces,
# [CLS] and [SEP] among them.
_LENGTH_QUANTILES = (
    *(3, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10),
    *(11, 13, 14, 16, 18, 20, 23, 27, 33, 66),
)
SEED = 0


@dataclass(frozen=True)
class Texts:
    """Token rows end to end, as `distill_tf.text.EncodedTexts` has them."""

    token_ids: np.ndarray
    row_splits: np.ndarray
    labels: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.row_splits)


@dataclass(frozen=True)
class Batch:
    """Padded `token_ids` and `mask` [B, L], `labels` [B]."""

    token_ids: np.ndarray
    mask: np.ndarray
    labels: np.ndarray


def make_texts(settings: Settings, seed: int = SEED) -> Texts:
    """Words occur by Zipf's law, so about as many different ones as in English."""
    generator = np.random.default_rng(seed)
    shares = np.linspace(0, 1, len(_LENGTH_QUANTILES))
    lengths = np.interp(
        generator.uniform(size=settings.examples), shares, _LENGTH_QUANTILES
    )
    if settings.text_length:
        lengths = np.full(settings.examples, settings.text_length)
    row_splits = np.concatenate([[0], np.cumsum(np.rint(lengths).astype(np.int64))])
    frequency = 1 / np.arange(1, settings.vocab_size)
    token_ids = 1 + generator.choice(
        settings.vocab_size - 1, row_splits[-1], p=frequency / frequency.sum()
    )
    labels = generator.integers(0, 2, settings.examples)
    return Texts(token_ids.astype(np.int32), row_splits, labels.astype(np.int32))


def make_batches(settings: Settings, padding: str = "short steps") -> list[Batch]:
    """One epoch, in length buckets.

    Args:
        settings: of the texts.
        padding: to a batch's longest text, in the "short steps" that distill_tf takes
            or in "steps of eight", or to the "maximum length".
    """
    texts = make_texts(settings)
    buckets = shuffled_buckets(texts.lengths, settings.batch_size, SEED, epoch=0)
    padded = {
        "short steps": padded_length,
        "steps of eight": lambda lengths, _: -(-lengths.max() // 8) * 8,
        "maximum length": lambda *_: settings.max_seq_length,
    }[padding]
    return [_batch(texts, indices, padded) for indices in buckets]


def make_pairs(settings: Settings) -> tuple[Texts, Texts]:
    """The two texts of each pair; the first one has the labels."""
    first, second = (make_texts(settings, SEED + side) for side in range(2))
    return first, second


def make_pair_batches(settings: Settings) -> list[tuple[Batch, Batch]]:
    """One epoch of pairs, each side padded by itself."""
    first, second = make_pairs(settings)
    key = pair_key(first.lengths, second.lengths)
    return [
        (_batch(first, indices), _batch(second, indices))
        for indices in shuffled_buckets(key, settings.batch_size, SEED, epoch=0)
    ]


def _batch(
    texts: Texts,
    indices: np.ndarray,
    padded: Callable[[np.ndarray, int], int] = padded_length,
) -> Batch:
    lengths = texts.lengths
    width = padded(lengths[indices], int(lengths.max()))
    mask = np.arange(width) < lengths[indices, None]
    token_ids = np.zeros(mask.shape, np.int32)
    token_ids[mask] = np.concatenate(
        [
            texts.token_ids[texts.row_splits[i] : texts.row_splits[i + 1]]
            for i in indices
        ]
    )
    return Batch(token_ids, mask, texts.labels[indices])
