"""Length buckets: a pure function of seed and epoch that wastes little padding."""

import itertools

import numpy as np
import pytest

from distill_tf.data.length_buckets import padded_length
from distill_tf.data.length_buckets import padded_lengths
from distill_tf.data.length_buckets import shuffled_buckets
from distill_tf.data.length_buckets import sorted_buckets
from distill_tf.data.length_buckets import token_buckets

# Most sentences are short, a few are ten times as long.
LENGTHS = np.random.default_rng(5).lognormal(2.5, 0.6, 1003).astype(int).clip(3, 128)


def _columns(*lengths):
    widths = [padded_lengths(each, each.max(initial=0)) for each in lengths]
    return np.stack(widths, axis=1)


def _as_lists(batches):
    return [batch.tolist() for batch in batches]


@pytest.mark.parametrize(("count", "batch_size"), [(1003, 7), (12, 4), (5, 8), (0, 3)])
@pytest.mark.parametrize("shuffled", [True, False])
def test_each_index_once_in_batches_of_the_size(count, batch_size, shuffled):
    lengths = LENGTHS[:count]
    batches = (
        shuffled_buckets(lengths, batch_size, seed=1, epoch=2)
        if shuffled
        else sorted_buckets(lengths, batch_size)
    )
    indices = list(itertools.chain.from_iterable(_as_lists(batches)))
    assert sorted(indices) == list(range(count))
    sizes = sorted(len(batch) for batch in batches)
    assert len(sizes) == -(-count // batch_size)
    assert all(size == batch_size for size in sizes[1:])


@pytest.mark.parametrize(
    ("make", "tokens", "size"),
    [
        (shuffled_buckets, LENGTHS, 7),
        (token_buckets, _columns(LENGTHS), 130),
        (token_buckets, _columns(LENGTHS, LENGTHS[::-1]), 260),
    ],
)
def test_seed_and_epoch_decide_and_nothing_else(make, tokens, size):
    def batches(seed, epoch):
        np.random.default_rng().random()
        return _as_lists(make(tokens, size, seed, epoch))

    assert batches(1, 2) == batches(1, 2)
    different = [batches(1, 2), batches(1, 3), batches(2, 2), batches(2, 1)]
    for one, other in itertools.combinations(different, 2):
        assert one != other
        assert {frozenset(batch) for batch in one} != {frozenset(b) for b in other}


def test_batches_of_like_length_come_in_random_order():
    batches = shuffled_buckets(LENGTHS, 7, seed=1, epoch=0)
    padding = sum(int((LENGTHS[b].max() - LENGTHS[b]).sum()) for b in batches)
    assert padding < 0.05 * LENGTHS.sum()
    # Plain shuffling would waste as much as half of all tokens.
    shuffled = np.random.default_rng(0).permutation(1001).reshape(-1, 7)
    unsorted = sum(int((LENGTHS[b].max() - LENGTHS[b]).sum()) for b in shuffled)
    assert unsorted > 0.5 * LENGTHS.sum()
    longest = [LENGTHS[batch].max() for batch in batches]
    steps = np.diff(longest)
    assert 0.3 < (steps > 0).mean() < 0.7


@pytest.mark.parametrize("tokens", [64, 130, 517, 10**6])
def test_token_buckets_fill_their_budget(tokens):
    widths = _columns(LENGTHS)
    batches = token_buckets(widths, tokens, seed=1, epoch=0)
    indices = list(itertools.chain.from_iterable(_as_lists(batches)))
    assert sorted(indices) == list(range(len(LENGTHS)))
    not_full = 0
    for batch in batches:
        width = padded_length(LENGTHS[batch], LENGTHS.max())
        assert len(batch) * width <= tokens or len(batch) == 1
        not_full += (len(batch) + 1) * width <= tokens
    assert not_full <= 1
    # Each length but the shortest can end within one batch.
    mixed = sum(len(np.unique(widths[batch])) > 1 for batch in batches)
    assert mixed < len(np.unique(widths))


@pytest.mark.parametrize("tokens", [64, 300, 517])
def test_token_buckets_of_two_sides_stay_within_their_budget(tokens):
    widths = _columns(LENGTHS, np.roll(LENGTHS, 100))
    batches = token_buckets(widths, tokens, seed=1, epoch=0)
    indices = list(itertools.chain.from_iterable(_as_lists(batches)))
    assert sorted(indices) == list(range(len(LENGTHS)))
    used = 0
    for batch in batches:
        padded = len(batch) * widths[batch].max(axis=0).sum()
        assert padded <= tokens or len(batch) == 1
        used += widths[batch].sum() / padded
    assert used / len(batches) > 0.7


@pytest.mark.parametrize("tokens", [64, 130, 517])
@pytest.mark.parametrize(
    "widths", [_columns(LENGTHS), _columns(LENGTHS, LENGTHS[::-1])], ids=["1", "2"]
)
def test_every_epoch_has_as_many_token_buckets(tokens, widths):
    counts = {
        len(token_buckets(widths, tokens, seed, epoch))
        for seed, epoch in itertools.product(range(3), range(5))
    }
    assert len(counts) == 1


def test_token_buckets_come_in_random_order_and_company():
    tokens = _columns(LENGTHS)
    first, second = (token_buckets(tokens, 512, 1, epoch) for epoch in (0, 1))
    widths = [LENGTHS[batch].max() for batch in first]
    assert 0.2 < (np.diff(widths) > 0).mean() < 0.8
    companies = [
        {frozenset(b) for b in _as_lists(batches)} for batches in (first, second)
    ]
    assert len(companies[0] & companies[1]) < 0.1 * len(companies[0])


def test_no_examples_make_no_token_buckets():
    assert token_buckets(_columns(LENGTHS[:0]), 64, 1, 0) == []


def test_evaluation_starts_with_the_shortest():
    lengths = np.array([4, 3, 9, 3, 7])
    assert _as_lists(sorted_buckets(lengths, 2)) == [[1, 3], [0, 4], [2]]


@pytest.mark.parametrize(
    ("lengths", "longest_allowed", "expected"),
    [
        *(([3, 8, 5], 64, 8), ([1], 64, 2), ([15], 64, 16)),
        *(([17], 64, 18), ([31, 2], 64, 32), ([33], 64, 36), ([64], 64, 64)),
        *(([65], 99, 72), ([257], 512, 264), ([61, 2], 62, 62), ([], 9, 0)),
    ],
)
def test_padded_length(lengths, longest_allowed, expected):
    lengths = np.array(lengths, int)
    assert padded_lengths(lengths, longest_allowed).max(initial=0) == expected
    if len(lengths):
        assert padded_length(lengths, longest_allowed) == expected


def test_rounding_up_adds_little_and_keeps_the_order():
    lengths = np.arange(1, 1000)
    padded = padded_lengths(lengths, 1000)
    assert (np.diff(padded) >= 0).all()
    assert (padded >= lengths).all()
    assert (padded <= np.maximum(lengths + 1, 1.125 * lengths)).all()
    assert len(np.unique(padded[:128])) == 32
