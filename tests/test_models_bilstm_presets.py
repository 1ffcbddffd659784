"""Presets have the sizes of their sources."""

import pytest

from distill_tf.models.bilstm_classifier import BiLstmClassifier
from distill_tf.models.bilstm_config import BiLstmConfig
from distill_tf.models.bilstm_presets import BILSTM_PRESETS


def build(name, vocab_size, **changes):
    config = BiLstmConfig(vocab_size=vocab_size, **BILSTM_PRESETS[name], **changes)
    return BiLstmClassifier(config, num_classes=2)


def test_oneflow_has_its_parameters_and_megabytes():
    model = build("oneflow", 10_003)
    assert model.num_parameters == 3_843_302
    assert round(4 * model.num_parameters / 1e6, 2) == 15.37
    assert model.num_embedding_parameters == 3_000_900


@pytest.mark.parametrize(
    ("name", "is_pair", "expected"),
    [
        # LSTM 2 x 4 H (300 + H + 1), hidden layer, head; vectors of 7 words.
        ("tang", False, 2 * 600 * 451 + 301 * 200 + 201 * 2),
        ("tang_large", False, 2 * 1200 * 601 + 601 * 400 + 401 * 2),
        ("tang", True, 2 * 600 * 451 + 1201 * 200 + 201 * 2),
        ("paddle", False, 2 * 1200 * 601 + 180_300 + 602),
        ("paddle", True, 2 * 1200 * 601 + 720_300 + 602),
    ],
)
def test_parameters_under_the_vocabulary(name, is_pair, expected):
    model = build(name, 7, is_pair=is_pair)
    assert model.num_parameters - model.num_embedding_parameters == expected


def test_the_frozen_bert_table_is_counted_and_not_trained():
    model = build("bert_embedding", 7)
    assert model.num_embedding_parameters == 7 * 768
    trained = sum(weight.numpy().size for weight in model.trainable_weights)
    assert trained == model.num_parameters - 7 * 768
    assert 30_522 * 768 + trained == pytest.approx(30.0e6, rel=1e-3)


@pytest.mark.parametrize("name", BILSTM_PRESETS)
def test_every_preset_is_a_valid_configuration(name):
    config = BiLstmConfig(vocab_size=7, **BILSTM_PRESETS[name])
    assert config.bidirectional == (name != "oneflow")
    # Of the sources this one alone has no dropout at all.
    assert (config.dropout_prob == 0) == (name == "bert_embedding")
    # OneFlow's forget gate starts at 0; theirs are their framework's.
    assert config.forget_bias == (0.0 if name == "oneflow" else 1.0)
