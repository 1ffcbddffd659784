"""Two towers: what each interaction computes, and what padding must not change."""

import math
from dataclasses import replace

import keras
import numpy as np
import pytest
import reference_interactions as reference
import tensorflow as tf
from tiny_towers import BERT
from tiny_towers import CLASSES
from tiny_towers import SIDE_LENGTHS
from tiny_towers import TEXTS_A
from tiny_towers import TEXTS_B
from tiny_towers import make_pair_encoder
from tiny_towers import make_towers

from distill_tf.data.padding import pad
from distill_tf.models.interaction_names import INTERACTION_NAMES
from distill_tf.models.interactions import INTERACTIONS
from distill_tf.models.interactions import SIDES
from distill_tf.models.interactions.interaction import Kept
from distill_tf.precision import without_training
from distill_tf.text import encode_all

EVERY = pytest.mark.parametrize("name", INTERACTION_NAMES)


def inputs_of(rows=range(5), lengths=SIDE_LENGTHS, **settings):
    """Pairs; with `pads_to_max` all of them are padded to the full lengths."""
    encoder = make_pair_encoder(lengths=lengths, **settings)
    return pad(encode_all(encoder, TEXTS_A, TEXTS_B), np.array(rows))


def with_garbage(inputs):
    """The same pairs with random tokens in the place of padding."""
    generator = np.random.default_rng(5)
    filled = {}
    for side, row in inputs.items():
        garbage = generator.integers(0, BERT.vocab_size, row["token_ids"].shape)
        tokens = np.where(row["padding_mask"], row["token_ids"], garbage)
        segments = np.where(row["padding_mask"], row["segment_ids"], 1)
        filled[side] = {**row, "token_ids": tokens, "segment_ids": segments}
    return filled


def logits(model, inputs):
    return np.asarray(model(inputs, training=False))


def states(outputs, side, pair, first=None):
    """The tokens' last states of one text [L, H], without padding."""
    tower = outputs[side]
    kept = np.asarray(tower["padding_mask"][pair])
    if first is not None:
        kept = kept & (np.arange(len(kept)) < first)
        kept[-1] = False
    return np.asarray(tower["hidden_states"][-1][pair])[kept]


def expected_logits(model, outputs, pair):
    name = model.config.interaction
    first = states(outputs, "first", pair)
    if name == "col":
        layers = model.interaction
        dense = {
            side: [weight.numpy() for weight in layers.side_dense[side].weights]
            for side in SIDES
        }
        kernel = layers.class_dense.kernel.numpy()
        second = states(outputs, "second", pair)
        return reference.col(first, second, dense, kernel, model.num_classes)
    count = model.config.poly_first_m if name == "poly" else None
    second = states(outputs, "second", pair, first=count)
    features = getattr(reference, name)(first, second)
    np.testing.assert_allclose(
        outputs["features"][pair], features, rtol=1e-4, atol=1e-5
    )
    head = (
        reference.residual_head if model.config.residual_head else reference.linear_head
    )
    return head(features, model.head)


@pytest.mark.parametrize("name", ["late_fusion", "sbert", "bi_encoder", "poly", "col"])
@pytest.mark.parametrize("residual_head", [False, True])
def test_logits_are_those_of_the_reference(name, residual_head):
    model = make_towers(name, residual_head=residual_head)
    outputs = model.compute_outputs(with_garbage(inputs_of()), training=False)
    for pair in range(5):
        expected = expected_logits(model, outputs, pair)
        np.testing.assert_allclose(
            outputs["logits"][pair], expected, rtol=1e-4, atol=1e-5
        )


@pytest.mark.parametrize(
    ("name", "counts"), [("deformer", (99, 99)), ("dipair", (8, 16))]
)
def test_a_joint_layer_reads_the_states_of_both_texts(name, counts):
    # Longer than 8 tokens, so that a dipair does not see the end of the first text.
    model = make_towers(name)
    inputs = with_garbage(inputs_of([2]))
    outputs = model.compute_outputs(inputs, training=False)
    rows = []
    for side, count in zip(SIDES, counts, strict=True):
        tower = outputs[side]
        kept = tower["padding_mask"][0] & (inputs[side]["position_ids"][0] < count)
        rows.append(np.asarray(tower["hidden_states"][-1][0])[np.asarray(kept)])
    assert len(rows[0]) == (9 if name == "deformer" else 8)
    both = np.concatenate(rows)
    mask = np.ones((1, len(both)), bool)
    joint, _ = model.interaction.joint_layer(both, mask, training=False)
    features = np.asarray(joint).mean(axis=0)
    np.testing.assert_allclose(outputs["features"][0], features, rtol=1e-4, atol=1e-5)
    expected = reference.linear_head(features, model.head)
    np.testing.assert_allclose(outputs["logits"][0], expected, rtol=1e-4, atol=1e-5)


@EVERY
def test_padding_and_the_batch_change_nothing(name):
    model = make_towers(name, residual_head=True)
    lengths = (11, 12)
    bucketed = logits(model, inputs_of(lengths=lengths))
    full = logits(model, with_garbage(inputs_of(lengths=lengths, pads_to_max=True)))
    np.testing.assert_allclose(bucketed, full, rtol=1e-5, atol=1e-5)
    for pair in range(5):
        encoder = make_pair_encoder(lengths=lengths)
        texts = [TEXTS_A[pair]], [TEXTS_B[pair]]
        alone = pad(encode_all(encoder, *texts), np.array([0]))
        np.testing.assert_allclose(
            logits(model, alone)[0], full[pair], rtol=1e-5, atol=1e-5
        )


@EVERY
def test_a_tower_does_not_see_the_other_one(name):
    model = make_towers(name)
    pairs = inputs_of()
    turned = {
        "first": pairs["first"],
        "second": with_garbage(inputs_of(range(4, -1, -1), pads_to_max=True))["second"],
    }
    first, other = (
        model.compute_outputs(inputs, training=False)["first"]
        for inputs in (pairs, turned)
    )
    for name in ("hidden_states", "queries", "keys", "attention_scores"):
        for found, expected in zip(other[name], first[name], strict=True):
            np.testing.assert_array_equal(found, expected)


def test_strict_virt_averages_over_padding():
    model = make_towers("late_fusion", strict_virt=True)
    inputs = inputs_of(pads_to_max=True)
    outputs = model.compute_outputs(inputs, training=False)
    rows = {side: np.asarray(outputs[side]["hidden_states"][-1][0]) for side in SIDES}
    first, second = (states(outputs, side, 0) for side in SIDES)
    features = reference.pair_vector(
        reference.attended(rows["first"], second).mean(axis=0),
        reference.attended(rows["second"], first).mean(axis=0),
    )
    np.testing.assert_allclose(outputs["features"][0], features, rtol=1e-4, atol=1e-5)
    masked = make_towers("late_fusion")(inputs, training=False)
    assert np.abs(outputs["logits"] - masked).max() > 1e-3


def test_strict_virt_lets_padding_score_0_in_col():
    first = Kept(np.ones((1, 2, 10), "f4"), np.array([[True, False]]))
    second = Kept(-np.ones((1, 3, 10), "f4"), np.array([[True, True, False]]))
    second.vectors[0, 2] = 0
    strict, masked = (
        make_towers("col", num_classes=2, strict_virt=value) for value in (True, False)
    )
    np.testing.assert_allclose(strict.interact(first, second), [[0, 0]])
    expected = -5 / math.sqrt(BERT.hidden_size)
    np.testing.assert_allclose(masked.interact(first, second), [[expected] * 2], 1e-6)


@EVERY
def test_encoding_and_interacting_is_predicting(name):
    model = make_towers(name, residual_head=True)
    inputs = inputs_of()
    kept = [model.encode(inputs[side], side) for side in SIDES]
    assert kept[1].vectors.shape[:2] == kept[1].mask.shape
    found = model.interact(*kept)
    np.testing.assert_allclose(found, logits(model, inputs), rtol=0, atol=1e-6)


@EVERY
def test_outputs_are_those_that_objectives_read(name):
    model = make_towers(name)
    inputs = inputs_of()
    outputs = model.compute_outputs(inputs, training=False)
    layers = BERT.num_hidden_layers - (name == "deformer")
    widths = [inputs[side]["token_ids"].shape[1] for side in SIDES]
    for side, width in zip(SIDES, widths, strict=True):
        assert len(outputs[side]["queries"]) == layers
        shape = (5, BERT.num_attention_heads, width, BERT.head_size)
        assert outputs[side]["keys"][-1].shape == shape
    assert outputs["padding_mask"].shape == (5, sum(widths))
    assert outputs["features"].shape == (5, model.interaction.features_width)
    assert outputs["logits"].shape == (5, CLASSES)


@EVERY
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_saved_model_predicts_the_same(tmp_path, name, policy):
    model = make_towers(name, residual_head=True, num_classes=1, dtype=policy)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert (loaded.config, loaded.num_classes) == (model.config, 1)
    inputs = inputs_of()
    np.testing.assert_array_equal(logits(loaded, inputs), logits(model, inputs))


@EVERY
def test_another_precision_keeps_the_weights(name):
    model = make_towers(name)
    copy = model.with_precision("mixed_bfloat16")
    for found, expected in zip(copy.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected, strict=True)
    assert {layer.compute_dtype for layer in copy._flatten_layers()} == {"bfloat16"}
    exact, rounded = (logits(each, inputs_of()) for each in (model, copy))
    assert rounded.dtype == np.float32
    assert not np.array_equal(rounded, exact)
    np.testing.assert_allclose(rounded, exact, rtol=0.1, atol=0.2)
    kept = model.with_precision(without_training("mixed_bfloat16"))
    assert {weight.dtype for weight in kept.weights} == {"float32", "bfloat16"}
    np.testing.assert_array_equal(logits(kept, inputs_of()), rounded)


@EVERY
def test_every_weight_learns(name):
    model = make_towers(name, residual_head=True)
    inputs = inputs_of()
    with tf.GradientTape() as tape:
        outputs = model.compute_outputs(inputs, training=True)
        loss = tf.reduce_mean(tf.square(outputs["logits"] - 1))
    weights = model.trainable_weights
    gradients = tape.gradient(loss, [weight.value for weight in weights])
    without = {
        weight.path
        for weight, gradient in zip(weights, gradients, strict=True)
        if gradient is None or not np.any(tf.convert_to_tensor(gradient))
    }
    # Nothing reads the tanh pooler beside a mean.
    assert all("pooler" in path for path in without), without


@EVERY
def test_cls_pooling_reads_the_pooler(name):
    model = make_towers(name, pooling_strategy="cls")
    before = logits(model, inputs_of())
    model.encoder.pooler.bias.assign_add(np.ones(BERT.hidden_size))
    changed = not np.array_equal(logits(model, inputs_of()), before)
    assert changed == (name in ("sbert", "bi_encoder", "poly"))


@EVERY
def test_flops_count_the_products(name):
    model = make_towers(name)
    whole, cached = (model.flops(9, 11, is_cached=cached) for cached in (False, True))
    assert whole - cached == model.encode_flops(11)
    rest = whole - model.encode_flops(9) - model.encode_flops(11)
    width = BERT.hidden_size
    layer = replace(BERT, num_hidden_layers=1).flops
    assert (
        rest
        == {
            "late_fusion": 2 * 9 * 11 * width
            + 2 * 20 * width
            + 2 * 4 * width * CLASSES,
            "sbert": 2 * 4 * width * CLASSES,
            "bi_encoder": 2 * 2 * width * CLASSES,
            "poly": 4 * 4 * width + 2 * width * CLASSES,
            "deformer": layer(20) + 2 * width * CLASSES,
            "dipair": layer(8 + 11) + 2 * width * CLASSES,
            "col": 2 * 9 * 11 * 5 * CLASSES,
        }[name]
    )


def test_a_residual_head_costs_its_square():
    plain, residual = (
        make_towers("sbert", residual_head=value) for value in (False, True)
    )
    width = 4 * BERT.hidden_size
    assert residual.flops(9, 11) - plain.flops(9, 11) == 2 * width**2
    assert residual.num_parameters - plain.num_parameters == width * (width + 1)


def test_one_trace_serves_all_lengths():
    model, traces = make_towers("late_fusion"), []

    def traced_logits(inputs):
        traces.append(1)
        return model(inputs, training=False)

    pairs = inputs_of([1, 2]), inputs_of(pads_to_max=True)
    specs = keras.tree.map_structure(
        lambda array: tf.TensorSpec((None, None), array.dtype), pairs[0]
    )
    traced = tf.function(traced_logits, input_signature=[specs])
    for inputs in pairs:
        np.testing.assert_allclose(
            traced(inputs), logits(model, inputs), rtol=0, atol=1e-5
        )
    assert len(traces) == 1


def test_positions_are_counted_where_they_are_not_given():
    model = make_towers("dipair")
    inputs = inputs_of(pads_to_max=True)
    bare = {
        side: {name: row[name] for name in row if name != "position_ids"}
        for side, row in inputs.items()
    }
    np.testing.assert_allclose(logits(model, bare), logits(model, inputs), atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"interaction": "virta"}, "one of late_fusion, .* but is 'virta'"),
        ({"interaction": "sbert", "pooling_strategy": "max"}, "but is 'max'"),
        (
            {"interaction": "deformer", "bert": replace(BERT, num_hidden_layers=1)},
            "at least 2 layers",
        ),
    ],
)
def test_settings_are_checked(settings, message):
    with pytest.raises(ValueError, match=message):
        make_towers(**settings)


def test_every_name_has_an_interaction():
    assert tuple(INTERACTIONS) == INTERACTION_NAMES
