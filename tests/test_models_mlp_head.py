"""From a text's vector to logits."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_words import STATIC
from tiny_words import randomize

from distill_tf.models.mlp_head import MlpHead

FEATURES = np.random.default_rng(5).normal(size=(4, 5)).astype("f4")


def build(dtype="float32", **changes):
    head = MlpHead(replace(STATIC, **changes), 2, dtype=dtype)
    head.build()
    return randomize(head)


@pytest.mark.parametrize(
    ("name", "function"), [("relu", lambda x: np.maximum(x, 0)), ("tanh", np.tanh)]
)
@pytest.mark.parametrize("dense_size", [11, 0])
def test_logits_by_numpy(name, function, dense_size):
    head = build(activation=name, dense_size=dense_size)
    hidden = FEATURES
    if dense_size:
        hidden = hidden @ head.hidden_dense.kernel.numpy() + head.hidden_dense.bias
    expected = function(hidden) @ head.output_dense.kernel.numpy()
    expected = expected + head.output_dense.bias.numpy()
    np.testing.assert_allclose(head(FEATURES), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dense_size", [11, 0])
def test_dropout_drops_in_training_alone(dense_size):
    head = build(dropout_prob=0.5, dense_size=dense_size)
    still = head(FEATURES, training=False)
    np.testing.assert_array_equal(head(FEATURES, training=False), still)
    assert not np.array_equal(head(FEATURES, training=True), still)


def test_logits_are_float32_whatever_the_precision():
    assert build("mixed_bfloat16")(FEATURES).dtype == "float32"
