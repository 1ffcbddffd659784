"""The classifier: saving, precision, pooling, head."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from tiny_training import CLASSES
from tiny_training import STUDENT
from tiny_training import make_classifier
from tiny_training import make_inputs
from tiny_training import to_numpy
from tiny_training import weights_by_path

from distill_tf.models.classifier import BertClassifier
from distill_tf.precision import without_training

POOLING = pytest.mark.parametrize("pooling", ["cls", "mean"])


@POOLING
def test_logits_are_the_head_on_the_pooled_vector(pooling):
    model, inputs = make_classifier(STUDENT, pooling_strategy=pooling), make_inputs()
    outputs = to_numpy(model.compute_outputs(inputs, training=False))
    if pooling == "cls":
        pooled = outputs["pooled_output"]
    else:
        states = outputs["hidden_states"][-1]
        pooled = np.stack(
            [
                state[:length].mean(axis=0)
                for state, length in zip(states, (7, 3, 5), strict=True)
            ]
        )
    expected = pooled @ model.output_dense.kernel.numpy() + model.output_dense.bias
    np.testing.assert_allclose(outputs["logits"], expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(model(inputs, training=False), outputs["logits"])
    assert outputs["logits"].shape == (3, CLASSES)


@POOLING
def test_logits_ignore_padding(pooling):
    model = make_classifier(STUDENT, pooling_strategy=pooling)
    logits = model(make_inputs(), training=False)
    padded = model(make_inputs(width=12), training=False)
    np.testing.assert_allclose(padded, logits, rtol=0, atol=1e-6)


@POOLING
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_saved_model_predicts_the_same(tmp_path, pooling, policy):
    model = make_classifier(STUDENT, 5, pooling_strategy=pooling, dtype=policy)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded) is BertClassifier
    assert loaded.config == STUDENT
    assert (loaded.num_classes, loaded.pooling_strategy) == (5, pooling)
    assert loaded.compute_dtype == model.compute_dtype
    inputs = make_inputs()
    np.testing.assert_array_equal(
        loaded(inputs, training=False), model(inputs, training=False)
    )


def test_another_precision_keeps_the_weights():
    model = make_classifier(STUDENT)
    copy = model.with_precision("mixed_bfloat16")
    for found, expected in zip(copy.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected, strict=True)
    layers = [copy, copy.encoder, *copy.encoder.transformer_layers, copy.output_dense]
    assert {layer.compute_dtype for layer in layers} == {"bfloat16"}
    assert {weight.dtype for weight in copy.weights} == {"float32"}
    logits, inputs = model(make_inputs(), training=False), make_inputs()
    rounded = copy(inputs, training=False)
    assert rounded.dtype == "float32"
    assert not np.array_equal(rounded, logits)
    np.testing.assert_allclose(rounded, logits, rtol=0.05, atol=0.1)
    kept = model.with_precision(without_training("mixed_bfloat16"))
    assert {weight.dtype for weight in kept.weights} == {"float32", "bfloat16"}
    np.testing.assert_array_equal(kept(inputs, training=False), rounded)
    back = copy.with_precision("float32")
    np.testing.assert_array_equal(back(inputs, training=False), logits)
    copy.output_dense.bias.assign_add([1.0] * CLASSES)
    np.testing.assert_array_equal(model(inputs, training=False), logits)


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_the_head_has_its_own_dropout(rate):
    config = replace(
        STUDENT, hidden_dropout_prob=rate, attention_probs_dropout_prob=0.0
    )
    model = make_classifier(config)
    outputs = to_numpy(model.compute_outputs(make_inputs(), training=True))
    kernel, bias = map(np.asarray, model.output_dense.get_weights())
    difference = np.abs(outputs["logits"] - (outputs["pooled_output"] @ kernel + bias))
    assert bool(difference.max() > 0.01) == bool(rate)


def test_regression_has_one_output():
    assert make_classifier(STUDENT, 1)(make_inputs(), training=False).shape == (3, 1)


def test_parameters_are_those_of_encoder_and_head():
    model = make_classifier(STUDENT)
    weights = weights_by_path(model).values()
    encoder = sum(weight.size for weight in weights_by_path(model.encoder).values())
    assert model.num_parameters == sum(weight.size for weight in weights)
    assert model.num_parameters == encoder + 6 * CLASSES + CLASSES


def test_an_unknown_pooling_is_refused():
    with pytest.raises(ValueError, match="'cls', 'mean'.*'max'"):
        BertClassifier(STUDENT, CLASSES, pooling_strategy="max")
