"""One vector for two texts."""

import numpy as np
import pytest

from distill_tf.models.pair_features import PAIR_FEATURES
from distill_tf.models.pair_features import PAIR_WIDTH

FIRST, SECOND = np.float32([[1, -2], [0, 3]]), np.float32([[4, 0.5], [-1, 3]])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "concat_diff_product",
            [[1, -2, 4, 0.5, 3, 2.5, 4, -1], [0, 3, -1, 3, 1, 0, 0, 9]],
        ),
        (
            "concat_sum_diff",
            [[1, -2, 4, 0.5, 5, -1.5, 3, 2.5], [0, 3, -1, 3, -1, 6, 1, 0]],
        ),
    ],
)
def test_by_hand(name, expected):
    found = PAIR_FEATURES[name](FIRST, SECOND)
    np.testing.assert_array_equal(found, expected)
    assert found.shape[-1] == PAIR_WIDTH * FIRST.shape[-1]
