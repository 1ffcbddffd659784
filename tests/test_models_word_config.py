"""Configurations of the students without attention: checks, dicts, operations."""

from dataclasses import replace

import pytest
from tiny_words import BILSTM
from tiny_words import STATIC

from distill_tf.errors import DistillError
from distill_tf.models.bilstm_config import BiLstmConfig
from distill_tf.models.static_config import StaticConfig

KINDS = pytest.mark.parametrize("config", [BILSTM, STATIC])


@KINDS
def test_a_configuration_survives_its_dict(config):
    changed = replace(config, is_pair=True, activation="tanh", train_embeddings=False)
    assert type(config).from_dict(changed.to_dict()) == changed


@KINDS
def test_an_unknown_key_is_refused(config):
    with pytest.raises(DistillError, match="hiden_size"):
        type(config).from_dict({**config.to_dict(), "hiden_size": 3})


@KINDS
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("vocab_size", 0, "at least 1"),
        ("embedding_size", 2.0, "whole number"),
        ("dense_size", -1, "at least 0"),
        ("dropout_prob", 1.0, r"\[0, 1\)"),
        ("embedding_dropout_prob", -0.1, r"\[0, 1\)"),
        ("pair_features", "sum", "concat_diff_product, concat_sum_diff"),
        ("activation", "swish", "relu"),
        ("initializer_range", 0.0, "above 0"),
    ],
)
def test_values_out_of_range_are_refused(config, name, value, expected):
    with pytest.raises(DistillError, match=f"{name}.*{expected}"):
        replace(config, **{name: value})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("hidden_size", 0, "BiLSTM.*at least 1"),
        ("num_layers", True, "whole number"),
        ("pooling", "mean", "last, max"),
    ],
)
def test_values_of_the_lstm_out_of_range_are_refused(name, value, expected):
    with pytest.raises(DistillError, match=f"{name}.*{expected}"):
        replace(BILSTM, **{name: value})


@pytest.mark.parametrize(
    ("config", "text_width", "features_width"),
    [
        (BILSTM, 6, 6),
        (replace(BILSTM, bidirectional=False), 3, 3),
        (replace(BILSTM, is_pair=True), 6, 24),
        (replace(STATIC, is_pair=True), 5, 20),
    ],
)
def test_widths(config, text_width, features_width):
    assert (config.text_width, config.features_width) == (text_width, features_width)


@pytest.mark.parametrize(
    ("config", "operations"),
    [
        # 2 directions x 12 gates of 5 + 3 inputs, 7 steps; 6 x 11 and 11 x 2 products.
        (BILSTM, 2 * 7 * 2 * 12 * 8 + 2 * 66 + 2 * 22),
        (
            replace(BILSTM, num_layers=2, bidirectional=False, dense_size=0),
            2 * 7 * 12 * (8 + 6) + 2 * 6,
        ),
        (
            replace(BILSTM, is_pair=True),
            2 * 2 * 7 * 2 * 12 * 8 + 2 * 24 * 11 + 2 * 22,
        ),
        (STATIC, 7 * 5 + 2 * 55 + 2 * 22),
        (replace(STATIC, is_pair=True), 2 * 7 * 5 + 2 * 220 + 2 * 22),
    ],
)
def test_operations_by_hand(config, operations):
    assert config.flops(7, num_classes=2) == operations


def test_defaults_are_usable():
    assert BiLstmConfig(vocab_size=7).text_width == 600
    assert StaticConfig(vocab_size=7).text_width == 256
