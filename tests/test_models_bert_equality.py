"""The encoder equals Hugging Face's BertModel and KerasHub's BertBackbone."""

from dataclasses import replace

import keras
import keras_hub
import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_bert import huggingface_arrays
from tiny_bert import random_weights

from distill_tf.checkpoints.keras_hub import keras_hub_name
from distill_tf.checkpoints.weight_names import load_named_weights
from distill_tf.models.bert import BertEncoder

TOLERANCE = {"rtol": 0, "atol": 1e-5}
LENGTHS = (11, 4, 7)


@pytest.fixture
def inputs():
    """Three examples of unequal lengths; padding holds arbitrary tokens."""
    generator = np.random.default_rng(1)
    shape = (len(LENGTHS), max(LENGTHS))
    return {
        "token_ids": generator.integers(0, CONFIG.vocab_size, shape, "int32"),
        "segment_ids": generator.integers(0, 2, shape, "int32"),
        "padding_mask": np.arange(shape[1]) < np.array(LENGTHS)[:, None],
    }


def run_encoder(weights, inputs, hidden_act, layer_norm_eps=1e-12):
    config = replace(CONFIG, hidden_act=hidden_act, layer_norm_eps=layer_norm_eps)
    encoder = BertEncoder(config)
    encoder.build()
    load_named_weights(encoder, weights, "random weights")
    outputs = encoder(inputs, training=False)
    return keras.tree.map_structure(np.asarray, outputs)


def probabilities(scores, padding_mask):
    scores = np.where(padding_mask[:, None, None, :], scores, -np.inf)
    exponentials = np.exp(scores - scores.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


@pytest.mark.parametrize(
    ("theirs", "ours"), [("gelu", "gelu_erf"), ("gelu_new", "gelu_tanh")]
)
@pytest.mark.parametrize("layer_norm_eps", [1e-12, 1e-2])
def test_equals_hugging_face(inputs, theirs, ours, layer_norm_eps):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    model = transformers.BertModel(
        transformers.BertConfig(
            **{
                **CONFIG.to_dict(),
                "hidden_act": theirs,
                "layer_norm_eps": layer_norm_eps,
                "attn_implementation": "eager",
            }
        )
    )
    weights = random_weights()
    arrays = {
        name.removeprefix("bert."): torch.from_numpy(array)
        for name, array in huggingface_arrays(weights).items()
    }
    model.load_state_dict(arrays)
    model.eval()
    with torch.no_grad():
        expected = model(
            input_ids=torch.from_numpy(inputs["token_ids"]).long(),
            token_type_ids=torch.from_numpy(inputs["segment_ids"]).long(),
            attention_mask=torch.from_numpy(inputs["padding_mask"]).long(),
            output_hidden_states=True,
            output_attentions=True,
        )
    outputs = run_encoder(weights, inputs, ours, layer_norm_eps)
    mask = inputs["padding_mask"]
    assert len(outputs["hidden_states"]) == len(expected.hidden_states) == 3
    for found, theirs_state in zip(
        outputs["hidden_states"], expected.hidden_states, strict=True
    ):
        np.testing.assert_allclose(found, theirs_state.numpy(), **TOLERANCE)
    np.testing.assert_allclose(
        outputs["pooled_output"], expected.pooler_output.numpy(), **TOLERANCE
    )
    for scores, attention in zip(
        outputs["attention_scores"], expected.attentions, strict=True
    ):
        np.testing.assert_allclose(
            probabilities(scores, mask), attention.numpy(), **TOLERANCE
        )


def test_equals_keras_hub(inputs):
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=CONFIG.vocab_size,
        num_layers=CONFIG.num_hidden_layers,
        num_heads=CONFIG.num_attention_heads,
        hidden_dim=CONFIG.hidden_size,
        intermediate_dim=CONFIG.intermediate_size,
        max_sequence_length=CONFIG.max_position_embeddings,
        num_segments=CONFIG.type_vocab_size,
    )
    weights = random_weights()
    variables = {variable.path: variable for variable in backbone.variables}
    for name, array in weights.items():
        variable = variables[keras_hub_name(name)]
        variable.assign(array.reshape(variable.shape))
    transformer_layers = [
        backbone.get_layer(f"transformer_layer_{i}") for i in range(2)
    ]
    layers = [backbone.get_layer("embeddings_layer_norm"), *transformer_layers]
    insides = keras.Model(
        backbone.inputs, [*(layer.output for layer in layers), backbone.output]
    )
    *states, expected = insides(inputs, training=False)
    outputs = run_encoder(weights, inputs, "gelu_tanh")
    for found, theirs in zip(outputs["hidden_states"], states, strict=True):
        np.testing.assert_allclose(found, np.asarray(theirs), **TOLERANCE)
    np.testing.assert_allclose(
        outputs["pooled_output"], np.asarray(expected["pooled_output"]), **TOLERANCE
    )
    mask = inputs["padding_mask"]
    for layer, state, scores in zip(
        transformer_layers, states, outputs["attention_scores"], strict=False
    ):
        _, attention = layer(state, padding_mask=mask, return_attention_scores=True)
        # Rows of padding, which KerasHub masks in another way, are read by nobody.
        rows = np.broadcast_to(mask[:, None, :], attention.shape[:3])
        np.testing.assert_allclose(
            probabilities(scores, mask)[rows], np.asarray(attention)[rows], **TOLERANCE
        )


def test_the_two_gelus_differ_by_more_than_the_tolerance(inputs):
    tanh, erf = (
        run_encoder(random_weights(), inputs, name)["pooled_output"]
        for name in ("gelu_tanh", "gelu_erf")
    )
    assert np.abs(tanh - erf).max() > 10 * TOLERANCE["atol"]
