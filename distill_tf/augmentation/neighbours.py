"""Words with similar vectors."""

from collections.abc import Sequence

import numpy as np

# Cosines at once; each takes sixteen bytes, most of them to be sorted.
_COSINES_AT_ONCE = 2**24


def nearest_words(
    words: Sequence[str], vectors: np.ndarray, count: int
) -> dict[str, list[str]]:
    """For each word the others whose vectors have the largest cosine with its own.

    Args:
        words: n different words.
        vectors: [n, D] float32.
        count: how many neighbours, nearest first; fewer where there are fewer words.
    """
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
    count = min(count, len(words) - 1)
    rows_at_once = max(1, _COSINES_AT_ONCE // len(words))
    neighbours = {}
    for start in range(0, len(words), rows_at_once):
        cosines = directions[start : start + rows_at_once] @ directions.T
        rows = np.arange(len(cosines))
        cosines[rows, start + rows] = -np.inf  # A word is no neighbour of itself.
        nearest = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(cosines, nearest, axis=1), axis=1)
        nearest = np.take_along_axis(nearest, order, axis=1)
        for row, indices in zip(rows, nearest.tolist(), strict=True):
            neighbours[words[start + row]] = [words[i] for i in indices]
    return neighbours
