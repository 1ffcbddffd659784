"""One vector for two texts, as VIRT joins their vectors."""

from keras import ops

# How many times as wide as a text's vector the pair's is.
PAIR_WIDTH = 4


def concat_diff_squared_max(first, second):
    """[u; v; |u - v|; max(u, v)^2], [B, 4 H] of two [B, H]."""
    return ops.concatenate(
        [
            first,
            second,
            ops.abs(first - second),
            ops.square(ops.maximum(first, second)),
        ],
        axis=-1,
    )
