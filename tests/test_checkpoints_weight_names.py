"""Canonical weights in and out of the Keras models."""

import numpy as np
import pytest
import tensorflow as tf
from real_data import real_data
from tiny_bert import CONFIG
from tiny_bert import NUM_CLASSES
from tiny_bert import assert_same_weights
from tiny_bert import random_weights

from distill_tf.checkpoints.weight_names import load_named_weights
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.checkpoints.weight_table import encoder_weights
from distill_tf.errors import DistillError
from distill_tf.models.bert import BertEncoder
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier


def built_encoder() -> BertEncoder:
    encoder = BertEncoder(CONFIG)
    encoder.build()
    return encoder


def without(weights, *names):
    return {name: array for name, array in weights.items() if name not in names}


def test_encoder_round_trip_is_bit_exact():
    encoder, weights = built_encoder(), random_weights()
    report = load_named_weights(encoder, weights, "here")
    assert_same_weights(named_weights(encoder), weights)
    assert set(report.mapped) == set(weights)
    assert (report.unused, report.missing) == ((), ())


def test_classifier_round_trip_is_bit_exact():
    classifier, weights = BertClassifier(CONFIG, NUM_CLASSES), random_weights(head=True)
    load_named_weights(classifier, weights, "here")
    assert_same_weights(named_weights(classifier), weights)
    np.testing.assert_array_equal(
        classifier.output_dense.kernel.numpy(), weights["output_weights"].T
    )


def test_every_trainable_number_of_a_classifier_has_a_name():
    classifier = BertClassifier(CONFIG, NUM_CLASSES)
    named = sum(array.size for array in named_weights(classifier).values())
    assert named == sum(np.prod(v.shape) for v in classifier.trainable_variables)


def test_fused_columns_are_query_then_key_then_value():
    encoder, weights = built_encoder(), random_weights()
    load_named_weights(encoder, weights, "here")
    kernel = encoder.transformer_layers[1].attention.query_key_value.kernel.numpy()
    parts = [
        weights[f"bert/encoder/layer_1/attention/self/{part}/kernel"]
        for part in ("query", "key", "value")
    ]
    np.testing.assert_array_equal(kernel, np.concatenate(parts, axis=1))


def test_names_are_google_research_berts():
    names = [row.name for row in encoder_weights(CONFIG)]
    assert len(names) == len(set(names)) == 5 + 2 * 16 + 2
    assert "bert/embeddings/LayerNorm/gamma" in names
    assert "bert/encoder/layer_1/attention/output/dense/kernel" in names
    assert "bert/pooler/dense/bias" in names


@pytest.mark.parametrize(
    "absent",
    [
        ("bert/pooler/dense/kernel", "bert/pooler/dense/bias"),
        ("output_weights", "output_bias"),
    ],
    ids=["pooler", "head"],
)
def test_absent_pooler_or_head_keeps_initial_values(absent):
    classifier = BertClassifier(CONFIG, NUM_CLASSES)
    before = named_weights(classifier)
    weights = random_weights(head=True)
    report = load_named_weights(classifier, without(weights, *absent), "here")
    assert report.missing == absent
    kept = {name: before[name] for name in absent}
    assert_same_weights(named_weights(classifier), {**weights, **kept})


def test_head_is_unused_by_an_encoder():
    weights = random_weights(head=True)
    report = load_named_weights(built_encoder(), weights, "here", ["global_step"])
    assert report.unused == ("output_weights", "output_bias", "global_step")


@pytest.mark.parametrize(
    "absent",
    [
        "bert/encoder/layer_1/attention/self/key/bias",
        "bert/embeddings/word_embeddings",
        "bert/pooler/dense/bias",
        "output_bias",
    ],
)
def test_missing_weight_is_named_and_nothing_is_assigned(absent):
    classifier = BertClassifier(CONFIG, NUM_CLASSES)
    before = named_weights(classifier)
    weights = without(random_weights(head=True), absent)
    with pytest.raises(DistillError, match=f"here lacks {absent}, which"):
        load_named_weights(classifier, weights, "here")
    assert_same_weights(named_weights(classifier), before)


@pytest.mark.parametrize(
    ("name", "shape", "mend"),
    [
        ("bert/encoder/layer_1/output/dense/kernel", (12, 20), "bert_config.json"),
        ("output_weights", (3, 12), "without its head"),
    ],
)
def test_misshapen_weight_is_named_and_nothing_is_assigned(name, shape, mend):
    classifier = BertClassifier(CONFIG, NUM_CLASSES)
    before = named_weights(classifier)
    weights = {**random_weights(head=True), name: np.zeros(shape, "float32")}
    expected = list(before[name].shape)
    with pytest.raises(DistillError) as caught:
        load_named_weights(classifier, weights, "here")
    message = str(caught.value)
    assert f"{name} is {list(shape)}, expected {expected}" in message
    assert mend in message
    assert_same_weights(named_weights(classifier), before)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("model", "config"),
    [
        (
            "uncased_L-4_H-256_A-4",
            BertConfig(
                vocab_size=30522,
                hidden_size=256,
                num_hidden_layers=4,
                num_attention_heads=4,
                intermediate_size=1024,
            ),
        ),
        ("chinese_wwm_L-12_H-768_A-12", BertConfig(vocab_size=21128)),
    ],
)
def test_table_equals_real_checkpoints_names_and_shapes(model, config):
    prefix = real_data("bert_meta", model) / "bert_model.ckpt"
    in_file = tf.train.load_checkpoint(str(prefix)).get_variable_to_shape_map()
    in_file = {k: tuple(v) for k, v in in_file.items() if k.startswith("bert/")}
    rows = encoder_weights(config)
    assert {row.name: row.shape_under(config) for row in rows} == in_file
