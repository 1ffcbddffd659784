"""One vector for two texts, from the vector of each."""

from collections.abc import Callable

from keras import ops

# How many times as wide as a text's vector a pair's is.
PAIR_WIDTH = 4


def concat_diff_product(first, second):
    """[u; v; |u - v|; u * v], as Tang et al. (arXiv:1903.12136)."""
    return ops.concatenate(
        [first, second, ops.abs(first - second), first * second], axis=-1
    )


def concat_sum_diff(first, second):
    """[u; v; u + v; |u - v|], as Paddle's distill_lstm."""
    return ops.concatenate(
        [first, second, first + second, ops.abs(first - second)], axis=-1
    )


def concat_diff_squared_max(first, second):
    """[u; v; |u - v|; max(u, v)^2], as lidan528/VIRT joins two towers."""
    return ops.concatenate(
        [
            first,
            second,
            ops.abs(first - second),
            ops.square(ops.maximum(first, second)),
        ],
        axis=-1,
    )


# What students of words choose from; each takes u and v, [B, D], and gives [B, 4 D].
PAIR_FEATURES: dict[str, Callable] = {
    "concat_diff_product": concat_diff_product,
    "concat_sum_diff": concat_sum_diff,
}
