"""The encoder's outputs: shapes, padding, attention scores, cost, configuration."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework import convert_to_constants
from tiny_bert import CONFIG
from tiny_bert import random_weights
from tiny_training import make_inputs
from tiny_training import to_numpy

from distill_tf.checkpoints.weight_names import load_named_weights
from distill_tf.models.bert import BertEncoder
from distill_tf.models.bert_config import BertConfig

BATCH, LENGTH = 5, 7
LENGTHS = (7, 3, 5, 1, 6)


def make_encoder(config=CONFIG, **options):
    encoder = BertEncoder(config, **options)
    encoder.build()
    load_named_weights(encoder, random_weights(config=config), "random weights")
    return encoder


def run(encoder, inputs, training=False):
    return to_numpy(encoder(inputs, training=training))


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_every_output_has_its_shape_and_dtype(policy):
    encoder = make_encoder(dtype=policy)
    outputs = encoder(make_inputs(LENGTHS), training=False)
    shapes = keras.tree.map_structure(lambda tensor: tuple(tensor.shape), outputs)
    per_head = [(BATCH, 3, LENGTH, 4)] * 2
    assert shapes == {
        "hidden_states": [(BATCH, LENGTH, 12)] * 3,
        "first_token_states": [(BATCH, 12)] * 3,
        "pooled_output": (BATCH, 12),
        "padding_mask": (BATCH, LENGTH),
        "attention_scores": [(BATCH, 3, LENGTH, LENGTH)] * 2,
        "queries": per_head,
        "keys": per_head,
        "values": per_head,
    }
    dtypes = {
        tensor.dtype.name
        for name, group in outputs.items()
        for tensor in keras.tree.flatten(group)
        if name != "padding_mask"
    }
    assert dtypes == {"float32" if policy == "float32" else "bfloat16"}


def test_padding_reaches_no_token():
    encoder = make_encoder()
    short, long = make_inputs(LENGTHS), make_inputs(LENGTHS, LENGTH + 4)
    # Whatever the padding holds.
    padding = ~long["padding_mask"]
    long["token_ids"][padding] = 9
    long["segment_ids"][padding] = 1
    tokens = short["padding_mask"]
    short, long = run(encoder, short), run(encoder, long)
    close = {"rtol": 0, "atol": 1e-6}
    np.testing.assert_allclose(long["pooled_output"], short["pooled_output"], **close)
    for padded, state in zip(
        long["hidden_states"], short["hidden_states"], strict=True
    ):
        np.testing.assert_allclose(padded[:, :LENGTH][tokens], state[tokens], **close)


def test_attention_scores_are_scaled_products_before_mask_and_softmax():
    outputs = run(make_encoder(), make_inputs(LENGTHS))
    for queries, keys, scores in zip(
        outputs["queries"], outputs["keys"], outputs["attention_scores"], strict=True
    ):
        # The queries come unscaled: 2 is the square root of the head's width.
        expected = np.einsum("bhqd,bhkd->bhqk", queries, keys) / 2
        np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-5)
        assert np.abs(scores).max() < 1000


def test_queries_keys_and_values_are_the_layers_own_products():
    encoder, weights = make_encoder(), random_weights()
    outputs = run(encoder, make_inputs(LENGTHS))
    for layer in range(2):
        rows = outputs["hidden_states"][layer]
        for name, found in (("query", "queries"), ("key", "keys"), ("value", "values")):
            prefix = f"bert/encoder/layer_{layer}/attention/self/{name}"
            product = rows @ weights[f"{prefix}/kernel"] + weights[f"{prefix}/bias"]
            expected = product.reshape(BATCH, LENGTH, 3, 4).transpose(0, 2, 1, 3)
            np.testing.assert_allclose(
                outputs[found][layer], expected, rtol=1e-5, atol=1e-5
            )


def _operations(encoder, name):
    """Operations left in a graph that computes one output; constants folded away."""
    specification = {
        key: tf.TensorSpec((BATCH, LENGTH), value.dtype)
        for key, value in make_inputs(LENGTHS).items()
    }
    function = tf.function(lambda x: encoder(x, training=False)[name])
    concrete = function.get_concrete_function(specification)
    frozen = convert_to_constants.convert_variables_to_constants_v2(concrete)
    nodes = [node.op for node in frozen.graph.as_graph_def().node]
    return nodes.count("MatMul"), nodes.count("BatchMatMulV2") + nodes.count("Softmax")


def test_outputs_that_nobody_reads_are_not_computed():
    encoder = make_encoder()
    # A layer has four dense products, two in the attention, and a softmax.
    assert _operations(encoder, "pooled_output") == (9, 6)
    assert _operations(encoder, "hidden_states") == (8, 6)
    # The last layer's scores need no more than its queries and keys.
    assert _operations(encoder, "attention_scores") == (5, 4)
    assert _operations(encoder, "queries") == (5, 3)


def test_the_activation_comes_after_its_product_in_the_alphabet():
    """Else TensorFlow does not join the two: a sixth of a pass on a processor."""
    layer = make_encoder().transformer_layers[0].feed_forward
    rows = tf.TensorSpec((None, CONFIG.hidden_size))
    graph = tf.function(layer).get_concrete_function(rows).graph
    (activation,) = (op for op in graph.get_operations() if op.type == "Tanh")
    (product,) = (
        op
        for op in graph.get_operations()
        if op.type == "BiasAdd" and "intermediate" in op.name
    )
    assert product.name < activation.name


def test_types_beyond_two_segments():
    config = replace(CONFIG, type_vocab_size=4)
    inputs = make_inputs(LENGTHS)
    outputs = []
    for segment in range(4):
        inputs["segment_ids"][:] = segment
        outputs.append(run(make_encoder(config), inputs)["pooled_output"])
    for segment in range(1, 4):
        assert np.abs(outputs[segment] - outputs[0]).max() > 0.01


@pytest.mark.parametrize(
    "change",
    [{"layer_norm_eps": 0.1}, *({"hidden_act": name} for name in ("relu", "silu"))],
    ids=str,
)
def test_a_constant_of_the_configuration_shows_in_the_outputs(change):
    inputs = make_inputs(LENGTHS)
    default, changed = (
        run(make_encoder(config), inputs)["pooled_output"]
        for config in (CONFIG, replace(CONFIG, **change))
    )
    assert np.abs(default - changed).max() > 1e-3


@pytest.mark.parametrize(
    ("rates", "embeddings_drop", "scores_drop"),
    [((0.0, 0.0), False, False), ((0.5, 0.0), True, True), ((0.0, 0.5), False, False)],
)
def test_dropout_acts_in_training_alone(rates, embeddings_drop, scores_drop):
    config = replace(
        CONFIG, hidden_dropout_prob=rates[0], attention_probs_dropout_prob=rates[1]
    )
    encoder, inputs = make_encoder(config), make_inputs(LENGTHS)
    still, again = run(encoder, inputs), run(encoder, inputs)
    dropped = run(encoder, inputs, training=True)
    np.testing.assert_allclose(
        still["pooled_output"], again["pooled_output"], atol=1e-6
    )
    embeddings = dropped["hidden_states"][0]
    assert bool((embeddings == 0).mean() > 0.3) == embeddings_drop

    def changed(name, index):
        return np.abs(still[name][index] - dropped[name][index]).max() > 1e-4

    assert changed("attention_scores", 0) == scores_drop
    assert changed("hidden_states", 1) == any(rates)


def test_new_weights_are_a_cut_normal_distribution():
    keras.utils.set_random_seed(3)
    encoder = BertEncoder(replace(CONFIG, initializer_range=0.3))
    encoder.build()
    for weight in encoder.weights:
        values = weight.numpy()
        if weight.name in ("bias", "beta"):
            np.testing.assert_array_equal(values, 0.0)
        elif weight.name == "gamma":
            np.testing.assert_array_equal(values, 1.0)
        else:
            assert np.abs(values).max() <= 0.6
            assert 0.2 < values.std() < 0.32


def _parameters(config):
    """The formula: embeddings, layers, pooler."""
    h, i = config.hidden_size, config.intermediate_size
    rows = config.vocab_size + config.max_position_embeddings + config.type_vocab_size
    layer = 4 * (h * h + h) + (h * i + i) + (i * h + h) + 4 * h
    return rows * h + 2 * h + config.num_hidden_layers * layer + h * h + h


TINYBERT = BertConfig(
    vocab_size=30522, hidden_size=312, num_hidden_layers=4, intermediate_size=1200
)


def test_published_parameter_counts():
    # Google's BERT-base, and the 14.5 million that TinyBERT's paper rounds to.
    assert _parameters(BertConfig(vocab_size=30522)) == 109_482_240
    assert _parameters(TINYBERT) == 14_350_248


@pytest.mark.parametrize("config", [CONFIG, TINYBERT], ids=["tiny", "tinybert"])
def test_parameters(config):
    encoder = BertEncoder(config)
    encoder.build()
    found = sum(int(np.prod(weight.shape)) for weight in encoder.weights)
    assert found == _parameters(config)
