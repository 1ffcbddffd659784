"""Maximum and mean over the tokens of a row."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.models.masked_pooling import masked_max
from distill_tf.models.masked_pooling import masked_mean

LENGTHS = (5, 1, 3)
STATES = np.random.default_rng(0).normal(-3, 1, (3, 5, 2)).astype("f4")
MASK = np.arange(5) < np.array(LENGTHS)[:, None]
POOLINGS = pytest.mark.parametrize(
    ("pool", "reference"), [(masked_max, np.max), (masked_mean, np.mean)]
)


@POOLINGS
def test_pools_the_tokens_alone(pool, reference):
    states = STATES.copy()
    states[~MASK] = 1e9
    expected = [reference(s[:n], axis=0) for s, n in zip(STATES, LENGTHS, strict=True)]
    assert (np.array(expected) < 0).all()
    np.testing.assert_allclose(pool(states, MASK), expected, rtol=1e-6)


@POOLINGS
@pytest.mark.parametrize("dtype", [tf.bfloat16, tf.float64])
def test_keeps_the_dtype(pool, reference, dtype):
    pooled = pool(tf.cast(STATES, dtype), MASK)
    assert pooled.dtype == dtype
    expected = [reference(s[:n], axis=0) for s, n in zip(STATES, LENGTHS, strict=True)]
    np.testing.assert_allclose(tf.cast(pooled, "float32"), expected, rtol=0.01)


@POOLINGS
def test_a_row_without_tokens_is_0_and_has_no_gradient(pool, reference):
    mask = MASK.copy()
    mask[1] = False
    states = tf.constant(STATES)
    with tf.GradientTape() as tape:
        tape.watch(states)
        pooled = pool(states, mask)
    gradient = tape.gradient(pooled, states).numpy()
    assert not pooled.numpy()[1].any()
    assert not gradient[~mask].any()
    assert np.isfinite(gradient).all()
    assert gradient[0].any()
