"""Batches of the recurrent student: one a batch size, as a length bucket has them."""

import numpy as np
from batches import SEED
from settings import Settings


def case_name(batch: int) -> str:
    return f"batch {batch}"


def lstm_batches(settings: Settings) -> dict[str, dict[str, np.ndarray]]:
    """By case: no row shorter than two thirds of the longest.

    `lengths` [B], `padding_mask` and `token_ids` [B, L], `labels` [B], and `vectors`
    [B, L, W] for the layer alone.
    """
    return {
        case_name(batch): _batch(batch, settings) for batch in settings.lstm_batches
    }


def _batch(batch: int, settings: Settings) -> dict[str, np.ndarray]:
    length, width = settings.lstm_length, settings.lstm_width
    generator = np.random.default_rng(SEED)
    lengths = generator.integers(2 * length // 3, length + 1, batch)
    lengths[0] = length
    mask = np.arange(length) < lengths[:, None]
    token_ids = generator.integers(1, settings.vocab_size, mask.shape) * mask
    vectors = generator.normal(0, 0.3, (*mask.shape, width))
    return {
        "lengths": lengths.astype(np.int32),
        "padding_mask": mask,
        "token_ids": token_ids.astype(np.int32),
        "labels": generator.integers(0, 2, batch).astype(np.int32),
        "vectors": vectors.astype(np.float32),
    }
