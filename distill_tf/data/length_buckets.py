"""Which examples go into which batch, as a pure function of seed and epoch."""

import numpy as np

# Batches that are sorted by length together. Fifty keep padding under 3 % on
# sentences while batches stay close to random draws.
_BATCHES_PER_WINDOW = 50
# Up to how many tokens batches are padded to multiples of what; longer ones, of eight.
# Rounding keeps the number of distinct shapes small, for each of which matrix kernels
# are prepared once. Multiples of 1 leave less to compute, but take longer.
_STEPS = ((32, 2), (64, 4))
_LONGEST_STEP = 8
# Second texts of a pair whose lengths count as alike.
_PAIR_STEP = 8


def shuffled_buckets(
    lengths: np.ndarray, batch_size: int, seed: int, epoch: int
) -> list[np.ndarray]:
    """Batches of examples of like length, in random order.

    The examples are shuffled, cut into windows of fifty batches, sorted by length
    within a window, cut into batches, and the batches shuffled. The same arguments
    give the same batches, so a killed run can go on in the middle of an epoch.

    Args:
        lengths: tokens of each example [n].
        batch_size: examples a batch; the last batch may be smaller.

    Returns:
        Arrays of example indices that together hold each index once.
    """
    generator = np.random.default_rng((seed, epoch))
    order = generator.permutation(len(lengths))
    window = batch_size * _BATCHES_PER_WINDOW
    batches = []
    for start in range(0, len(order), window):
        chosen = order[start : start + window]
        chosen = chosen[np.argsort(lengths[chosen], kind="stable")]
        batches += _cut(chosen, batch_size)
    return [batches[i] for i in generator.permutation(len(batches))]


def token_buckets(
    widths: np.ndarray, tokens: int, seed: int, epoch: int
) -> list[np.ndarray]:
    """Batches of at most so many padded tokens, in random order.

    Examples are shuffled, then sorted by their widths, the widest first; each batch
    takes as many as fit. How many batches that makes depends on the widths alone, so it
    is the same in every epoch.

    Args:
        widths: tokens that each example is padded to at least [n, s], in s parts that
            a batch pads each by itself.
        tokens: padded tokens a batch; an example that is longer is a batch of its own.

    Returns:
        As `shuffled_buckets`; only the batch of the shortest may be far from full.
    """
    generator = np.random.default_rng((seed, epoch))
    order = generator.permutation(len(widths))
    parts = -widths[order]
    order = order[np.lexsort((*parts.T, parts.sum(axis=1)))]
    batches = []
    start = 0
    while start < len(order):
        most = max(1, tokens // int(widths[order[start]].sum()))
        chosen = np.maximum.accumulate(widths[order[start : start + most]])
        padded = chosen.sum(axis=1) * np.arange(1, len(chosen) + 1)
        size = max(1, int((padded <= tokens).sum()))
        batches.append(order[start : start + size])
        start += size
    return [batches[i] for i in generator.permutation(len(batches))]


def pair_key(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """By what pairs [n] are sorted, so that those side by side need little padding.

    The second text's length in steps of eight, and in each step the first one's length.
    On sentence pairs that leaves 3 to 8 % fewer tokens than sorting by the longer text,
    and 10 to 17 % fewer than by the sum.

    Args:
        first: tokens of the first texts [n].
        second: those of the second ones.
    """
    return -(-second // _PAIR_STEP) * (first.max(initial=0) + 1) + first


def sorted_buckets(lengths: np.ndarray, batch_size: int) -> list[np.ndarray]:
    """Batches in order of length, for evaluation."""
    return _cut(np.argsort(lengths, kind="stable"), batch_size)


def _cut(indices: np.ndarray, batch_size: int) -> list[np.ndarray]:
    return [
        indices[start : start + batch_size]
        for start in range(0, len(indices), batch_size)
    ]


def padded_lengths(lengths: np.ndarray, longest_allowed: int) -> np.ndarray:
    """What each example is padded to at least: its length, rounded up."""
    step = np.select(
        [lengths <= longest for longest, _ in _STEPS],
        [step for _, step in _STEPS],
        _LONGEST_STEP,
    )
    return np.minimum(-(-lengths // step) * step, longest_allowed)


def padded_length(lengths: np.ndarray, longest_allowed: int) -> int:
    """The batch's length: that of its longest example, rounded up."""
    return int(padded_lengths(lengths.max(), longest_allowed))
