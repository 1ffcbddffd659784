"""Any number of texts through a runtime that takes a batch at a time."""

from collections.abc import Sequence

import numpy as np

from distill_tf.export.exporter import TextsToLogits

_BATCH_SIZE = 32


def in_batches(run: TextsToLogits, num_outputs: int) -> TextsToLogits:
    """`run`, for any number of texts, none included.

    Lone surrogates, which no runtime's tokenizer takes, are dropped, as our own
    tokenizer does.

    Args:
        run: texts, and their partners or None, to logits [n, num_outputs].
        num_outputs: the width of the logits.
    """

    def logits(
        texts: Sequence[str], texts_b: Sequence[str] | None = None
    ) -> np.ndarray:
        columns = [
            [_valid(text) for text in column or ()] for column in (texts, texts_b)
        ]
        parts = [np.zeros((0, num_outputs), np.float32)]
        for start in range(0, len(texts), _BATCH_SIZE):
            first, second = (column[start : start + _BATCH_SIZE] for column in columns)
            parts.append(run(first, None if texts_b is None else second))
        return np.concatenate(parts)

    return logits


def _valid(text: str) -> str:
    return text.encode("utf-8", "ignore").decode("utf-8")
