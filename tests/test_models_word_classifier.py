"""The students without attention: saving, precision, pairs, padding, heads."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_training import to_numpy
from tiny_training import weights_by_path
from tiny_words import BILSTM
from tiny_words import CLASSES
from tiny_words import EMBEDDING_SIZE
from tiny_words import STATIC
from tiny_words import VOCAB_SIZE
from tiny_words import make_inputs
from tiny_words import make_model

from distill_tf.errors import DistillError
from distill_tf.models.pair_features import PAIR_FEATURES
from distill_tf.precision import without_training

SINGLE = {
    "bilstm": BILSTM,
    "bilstm-max": replace(BILSTM, num_layers=2, pooling="max"),
    "static": STATIC,
}
ALL = SINGLE | {
    f"{name}-pair": replace(config, is_pair=True) for name, config in SINGLE.items()
}
KINDS = pytest.mark.parametrize("config", ALL.values(), ids=ALL)


@KINDS
@pytest.mark.parametrize("num_classes", [2, 5, 1])
def test_shapes_and_names_of_the_outputs(config, num_classes):
    model = make_model(config, num_classes)
    inputs = make_inputs(config)
    outputs = to_numpy(model.compute_outputs(inputs, training=False))
    assert outputs["logits"].shape == (3, num_classes)
    assert outputs["logits"].dtype == np.float32
    assert outputs["features"].shape == (3, config.features_width)
    np.testing.assert_array_equal(model(inputs, training=False), outputs["logits"])
    assert ("hidden_states" in outputs) != config.is_pair


@KINDS
def test_logits_are_the_head_on_the_features(config):
    model = make_model(config)
    outputs = model.compute_outputs(make_inputs(config), training=False)
    np.testing.assert_allclose(
        outputs["logits"], model.head(outputs["features"]), rtol=1e-5
    )


@KINDS
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_padding_is_never_read(config, policy):
    model = make_model(config, dtype=policy)
    logits = model(make_inputs(config), training=False)
    for garbage in (3, -1, 2**31 - 1):
        padded = make_inputs(config, width=12, garbage=garbage)
        np.testing.assert_allclose(
            model(padded, training=False), logits, rtol=0, atol=1e-6
        )


@KINDS
def test_padding_changes_no_gradient(config):
    model = make_model(config)
    found = []
    for width in (7, 12):
        inputs = make_inputs(config, width=width, garbage=3)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(inputs, training=True) ** 2)
        found.append(tape.gradient(loss, [w.value for w in model.trainable_weights]))
    for one, other in zip(*found, strict=True):
        one, other = map(tf.convert_to_tensor, (one, other))
        assert one.numpy().any()
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("config", SINGLE.values(), ids=SINGLE)
@pytest.mark.parametrize("name", PAIR_FEATURES)
def test_a_pairs_features_are_made_of_those_of_its_texts(config, name):
    pair = replace(config, is_pair=True, pair_features=name)
    model, inputs = make_model(pair), make_inputs(pair)
    outputs = model.compute_outputs(inputs, training=False)
    sides = [model.encoder(inputs[side])["features"] for side in ("first", "second")]
    np.testing.assert_array_equal(outputs["features"], PAIR_FEATURES[name](*sides))
    masks = [inputs[side]["padding_mask"] for side in ("first", "second")]
    np.testing.assert_array_equal(outputs["padding_mask"], np.hstack(masks))


@KINDS
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_saved_model_predicts_the_same(tmp_path, config, policy):
    frozen = replace(config, train_embeddings=False)
    model, inputs = make_model(frozen, 5, dtype=policy), make_inputs(config)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded) is type(model)
    assert (loaded.config, loaded.num_classes) == (frozen, 5)
    assert loaded.compute_dtype == model.compute_dtype
    np.testing.assert_array_equal(
        loaded(inputs, training=False), model(inputs, training=False)
    )


@KINDS
def test_another_precision_keeps_the_weights(config):
    model, inputs = make_model(config), make_inputs(config)
    copy = model.with_precision("mixed_bfloat16")
    assert type(copy) is type(model)
    for found, expected in zip(copy.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected, strict=True)
    layers = [copy, copy.encoder, copy.encoder.embeddings, copy.head.output_dense]
    assert {layer.compute_dtype for layer in layers} == {"bfloat16"}
    logits, rounded = model(inputs, training=False), copy(inputs, training=False)
    assert rounded.dtype == "float32"
    assert not np.array_equal(rounded, logits)
    np.testing.assert_allclose(rounded, logits, rtol=0.05, atol=0.1)
    kept = model.with_precision(without_training("mixed_bfloat16"))
    assert {weight.dtype for weight in kept.weights} == {"float32", "bfloat16"}
    np.testing.assert_array_equal(kept(inputs, training=False), rounded)
    back = copy.with_precision("float32")
    np.testing.assert_array_equal(back(inputs, training=False), logits)


@KINDS
@pytest.mark.parametrize("rate", ["embedding_dropout_prob", "dropout_prob"])
def test_dropout_drops_in_training_alone(config, rate):
    model = make_model(replace(config, **{rate: 0.5}))
    inputs = make_inputs(config)
    still = model(inputs, training=False)
    np.testing.assert_array_equal(model(inputs, training=False), still)
    first, second = (model(inputs, training=True).numpy() for _ in range(2))
    assert not np.array_equal(first, second)


@KINDS
def test_parameters_are_all_stored_numbers(config):
    for train_embeddings in (True, False):
        model = make_model(replace(config, train_embeddings=train_embeddings))
        sizes = {path: array.size for path, array in weights_by_path(model).items()}
        assert model.num_parameters == sum(sizes.values())
        assert model.num_embedding_parameters == VOCAB_SIZE * EMBEDDING_SIZE
        trained = {weight.path for weight in model.trainable_weights}
        (table,) = [path for path in sizes if path.endswith("embeddings/table")]
        assert set(sizes) - trained == (set() if train_embeddings else {table})


@KINDS
def test_given_embeddings_are_read(config):
    model, inputs = make_model(config), make_inputs(config)
    vectors = np.random.default_rng(7).normal(size=(VOCAB_SIZE, EMBEDDING_SIZE))
    before = model(inputs, training=False)
    model.set_embeddings(vectors)
    np.testing.assert_array_equal(model.encoder.embeddings.table, vectors.astype("f4"))
    assert not np.array_equal(model(inputs, training=False), before)
    with pytest.raises(DistillError, match="17 vectors of 5 numbers.*17 of 6"):
        model.set_embeddings(np.zeros((VOCAB_SIZE, EMBEDDING_SIZE + 1)))


@KINDS
def test_operations_are_those_of_its_configuration(config):
    assert make_model(config).flops(7) == config.flops(7, CLASSES)


@KINDS
def test_one_trace_serves_all_lengths(config):
    model, traces = make_model(config), []

    def logits(inputs):
        traces.append(1)
        return model(inputs, training=False)

    specs = keras.tree.map_structure(
        lambda array: tf.TensorSpec((None, None), array.dtype), make_inputs(config)
    )
    traced = tf.function(logits, input_signature=[specs])
    for width in (7, 12):
        inputs = make_inputs(config, width=width)
        np.testing.assert_allclose(
            traced(inputs), model(inputs, training=False), rtol=0, atol=1e-5
        )
    assert len(traces) == 1
