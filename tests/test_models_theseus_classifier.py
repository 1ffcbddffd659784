"""Theseus: which modules compute, what learns, what is left."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_training import TEACHER
from tiny_training import make_classifier
from tiny_training import make_inputs
from tiny_training import to_numpy

from distill_tf.models.frozen_layers import FrozenLayers
from distill_tf.models.replacement import Replacement
from distill_tf.models.theseus_classifier import TheseusClassifier
from distill_tf.training.dropout_seeds import dropout_seeds
from distill_tf.training.dropout_seeds import set_dropout_seeds

# Without dropout, what is computed in training can be compared.
PREDECESSOR = replace(
    TEACHER,
    num_hidden_layers=5,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)
SPLIT = ((0, 2), (2, 3), (3, 5))
INPUTS = make_inputs()
LABELS = np.int32([2, 0, 1])


def make_predecessor(**options):
    return make_classifier(PREDECESSOR, seed=2, **options)


def make_theseus(
    predecessor, start, config=PREDECESSOR, batches_per_update=1, **schedule
):
    """A successor that shares embeddings and head with its predecessor."""
    precision = predecessor.dtype_policy.name
    config = replace(config, num_hidden_layers=len(SPLIT))
    successor = make_classifier(config, seed=1, dtype=precision)
    for part in ("encoder.embeddings", "encoder.pooler", "output_dense"):
        own, theirs = successor, predecessor
        for name in part.split("."):
            own, theirs = getattr(own, name), getattr(theirs, name)
        own.set_weights(theirs.get_weights())
    layers = predecessor.encoder.transformer_layers
    return TheseusClassifier(
        successor,
        [FrozenLayers(layers[first:last]) for first, last in SPLIT],
        Replacement(start=start, **schedule),
        batches_per_update,
    )


def with_draws(theseus, draws):
    """The same model, with draws that are given instead of drawn."""
    theseus._draw = lambda: tf.constant(draws)
    return theseus


def composed(predecessor, successor, draws):
    """Logits of the layers one by one, without any branching."""
    encoder = successor.encoder
    mask = INPUTS["padding_mask"]
    rows = encoder.embeddings(INPUTS["token_ids"], INPUTS["segment_ids"])
    for replaced, layer, (first, last) in zip(
        draws, encoder.transformer_layers, SPLIT, strict=True
    ):
        old = predecessor.encoder.transformer_layers[first:last]
        for each in [layer] if replaced else old:
            rows, _ = each(rows, mask)
    first_tokens = rows.numpy().reshape(*INPUTS["token_ids"].shape, -1)[:, 0]
    return successor.output_dense(encoder.pooler(first_tokens)).numpy()


@pytest.mark.parametrize(
    "precision",
    ["float32", pytest.param("mixed_bfloat16", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("graph", [False, True])
def test_the_ends_are_the_two_models_bit_for_bit(precision, graph):
    predecessor = make_predecessor(dtype=precision)
    for start in (0.0, 1.0):
        theseus = make_theseus(predecessor, start)

        def run(model, training):
            def compute(inputs):
                return model.compute_outputs(inputs, training=training)["logits"]

            return (tf.function(compute) if graph else compute)(INPUTS).numpy()

        # Without dropout training changes only which of two equal formulas computes.
        expected = (
            run(theseus.successor, training=True)
            if start
            else run(predecessor, training=False)
        )
        np.testing.assert_array_equal(run(theseus, training=True), expected)


@pytest.mark.parametrize(
    "draws",
    [(False, True, False), (True, False, False), (False, True, True)],
)
def test_modules_are_mixed_as_drawn(draws):
    predecessor = make_predecessor()
    theseus = with_draws(make_theseus(predecessor, 0.5), draws)
    outputs = theseus.compute_outputs(INPUTS, training=True)
    expected = composed(predecessor, theseus.successor, draws)
    np.testing.assert_allclose(outputs["logits"], expected, atol=1e-5)
    assert len(outputs["hidden_states"]) == len(outputs["queries"]) + 1 == 4


def test_in_inference_the_successor_computes_alone():
    theseus = make_theseus(make_predecessor(), 0.0)
    found = to_numpy(theseus.compute_outputs(INPUTS))
    expected = to_numpy(theseus.successor.compute_outputs(INPUTS))
    np.testing.assert_array_equal(found["logits"], expected["logits"])
    np.testing.assert_array_equal(theseus(INPUTS), expected["logits"])


def test_each_module_is_drawn_by_itself_as_often_as_probable():
    theseus = make_theseus(make_predecessor(), 0.3)
    draw = tf.function(theseus._draw)
    draws = np.array([draw().numpy() for _ in range(1000)])
    # Four standard deviations of a mean of 1000 draws.
    np.testing.assert_allclose(draws.mean(axis=0), 0.3, atol=0.058)
    together = np.corrcoef(draws.T) - np.eye(len(SPLIT))
    assert np.abs(together).max() < 0.13


@pytest.mark.parametrize("batches", [1, 3])
def test_the_schedule_goes_on_with_each_update(batches):
    theseus = make_theseus(make_predecessor(), 0.0, batches_per_update=batches, steps=2)
    draws = [theseus._draw().numpy().tolist() for _ in range(4 * batches)]
    assert draws == [[False] * 3] * 2 * batches + [[True] * 3] * 2 * batches


def test_the_state_of_draws_is_kept_with_the_rest():
    theseus = make_theseus(make_predecessor(), 0.5)
    for _ in range(3):
        theseus._draw()
    seeds, weights = dropout_seeds(theseus), theseus.get_weights()
    expected = [theseus._draw().numpy() for _ in range(9)]
    again = make_theseus(make_predecessor(), 0.5)
    again.set_weights(weights)
    set_dropout_seeds(again, seeds)
    np.testing.assert_array_equal([again._draw() for _ in range(9)], expected)
    assert not np.all(expected) and np.any(expected)


@pytest.mark.parametrize("graph", [False, True])
def test_only_what_is_drawn_computes(monkeypatch, graph):
    """Each layer that runs leaves a mark, which in a graph is an operation of it."""
    marks, predecessor = [], make_predecessor()
    theseus = make_theseus(predecessor, 0.5)

    def watch(name, layer):
        call = layer.call

        def marking(rows, *args, **kwargs):
            mark = tf.py_function(lambda: marks.append(name), [], [])
            with tf.control_dependencies([mark] if graph else []):
                return call(tf.identity(rows), *args, **kwargs)

        monkeypatch.setattr(layer, "call", marking)

    for owner, model in (("old", predecessor), ("new", theseus.successor)):
        for index, layer in enumerate(model.encoder.transformer_layers):
            watch(f"{owner} {index}", layer)
    with_draws(theseus, (False, True, False))

    def compute(inputs):
        return theseus.compute_outputs(inputs, training=True)["logits"]

    (tf.function(compute) if graph else compute)(INPUTS)
    assert marks == ["old 0", "old 1", "new 1", "old 3", "old 4"]


def gradients(theseus, draws):
    """The largest gradient of each of the successor's parts."""
    with_draws(theseus, draws)

    @tf.function
    def compute(inputs):
        with tf.GradientTape() as tape:
            logits = theseus.compute_outputs(inputs, training=True)["logits"]
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, logits)
            )
        values = [v.value for v in theseus.trainable_variables]
        found = tape.gradient(loss, values, unconnected_gradients="zero")
        return [tf.reduce_max(tf.abs(g)) for g in map(tf.convert_to_tensor, found)]

    # Of unknown shape, as in training.
    signature = {
        name: tf.TensorSpec([None, None], a.dtype) for name, a in INPUTS.items()
    }
    found = compute.get_concrete_function(signature)(
        {name: tf.constant(array) for name, array in INPUTS.items()}
    )
    owners = {
        "embeddings": theseus.successor.encoder.embeddings,
        "pooler": theseus.successor.encoder.pooler,
        "head": theseus.successor.output_dense,
    } | dict(enumerate(theseus.successor.encoder.transformer_layers))
    return {
        name: max(
            (
                float(value)
                for variable, value in zip(
                    theseus.trainable_variables, found, strict=True
                )
                if any(variable is own for own in owner.variables)
            ),
            default=None,
        )
        for name, owner in owners.items()
    }


def test_gradients_reach_what_was_drawn():
    theseus = make_theseus(make_predecessor(), 0.5)
    found = gradients(theseus, (False, True, False))
    assert {name for name, value in found.items() if value} == {
        "embeddings",
        1,
        "pooler",
        "head",
    }
    assert found[0] == found[2] == 0.0


def test_gradients_reach_only_what_shall_be_trained():
    theseus = make_theseus(make_predecessor(), 0.5)
    theseus.successor.encoder.embeddings.trainable = False
    theseus.successor.encoder.pooler.trainable = False
    theseus.successor.output_dense.trainable = False
    found = gradients(theseus, (True, False, True))
    assert {name for name, value in found.items() if value} == {0, 2}
    assert found["embeddings"] is found["head"] is None


def test_gradients_are_those_of_the_layers_without_branching():
    predecessor = make_predecessor()
    theseus = make_theseus(predecessor, 0.5)
    weight = theseus.successor.encoder.transformer_layers[1].feed_forward.variables[0]

    def loss(value):
        weight.assign(value)
        logits = composed(predecessor, theseus.successor, (False, True, False))
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_sums = np.log(np.exp(shifted).sum(axis=1))
        return np.mean(log_sums - shifted[np.arange(len(LABELS)), LABELS])

    start = weight.numpy()
    step = np.zeros_like(start)
    step.flat[5] = 1e-2
    expected = (loss(start + step) - loss(start - step)) / 2e-2
    weight.assign(start)
    with_draws(theseus, (False, True, False))
    with tf.GradientTape() as tape:
        logits = theseus.compute_outputs(INPUTS, training=True)["logits"]
        value = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, logits)
        )
    found = tape.gradient(value, weight.value).numpy().flat[5]
    np.testing.assert_allclose(found, expected, rtol=0.02, atol=1e-4)


def test_the_predecessor_is_no_part_of_the_model():
    predecessor = make_predecessor()
    theseus = make_theseus(predecessor, 0.5)
    own = theseus.successor.variables
    # Beside the successor's, the steps and the state of the draws.
    assert len(theseus.variables) == len(own) + 2
    assert not {id(v) for v in predecessor.variables} & {
        id(v) for v in theseus.variables
    }
    assert len(theseus.trainable_variables) == len(
        theseus.successor.trainable_variables
    )


def test_a_module_for_every_layer():
    predecessor = make_predecessor()
    layers = predecessor.encoder.transformer_layers
    with pytest.raises(ValueError, match="5 layers, but has 1"):
        TheseusClassifier(predecessor, [FrozenLayers(layers)], Replacement(start=0.5))


def test_frozen_layers_are_no_keras_layer():
    layers = FrozenLayers(make_predecessor().encoder.transformer_layers)
    assert not isinstance(layers, keras.layers.Layer)
