"""The recurrent encoder against Keras and PyTorch, and its outputs."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_words import BILSTM
from tiny_words import EMBEDDING_SIZE
from tiny_words import HIDDEN_SIZE
from tiny_words import LENGTHS
from tiny_words import bilstm_states
from tiny_words import make_text
from tiny_words import randomize

from distill_tf.models.bilstm import BiLstmEncoder

LAYERS = pytest.mark.parametrize("num_layers", [1, 2])
BOTH = pytest.mark.parametrize("bidirectional", [True, False])


def build(dtype="float32", **changes):
    encoder = BiLstmEncoder(replace(BILSTM, **changes), dtype=dtype)
    encoder.build()
    return randomize(encoder)


@LAYERS
@BOTH
@pytest.mark.parametrize("pooling", ["last", "max"])
def test_outputs_are_those_of_a_loop_in_numpy(num_layers, bidirectional, pooling):
    encoder = build(
        "float64", num_layers=num_layers, bidirectional=bidirectional, pooling=pooling
    )
    inputs = make_text(garbage=9)
    outputs = encoder(inputs)
    assert len(outputs["hidden_states"]) == num_layers + 1
    table = encoder.embeddings.table.numpy()
    for row, length in enumerate(LENGTHS):
        states = table[inputs["token_ids"][row, :length]]
        found = [layer[row, :length] for layer in outputs["hidden_states"]]
        np.testing.assert_array_equal(found[0], states)
        for layer, layer_states in zip(encoder.lstm_layers, found[1:], strict=True):
            states = bilstm_states(states, layer)
            np.testing.assert_allclose(layer_states, states, rtol=0, atol=1e-14)
        if pooling == "max":
            expected = states.max(axis=0)
        else:
            forward, backward = states[-1, :HIDDEN_SIZE], states[0, HIDDEN_SIZE:]
            expected = np.concatenate([forward, backward])
        np.testing.assert_allclose(
            outputs["features"][row], expected, rtol=0, atol=1e-14
        )


@BOTH
def test_features_equal_those_of_keras_with_a_mask(bidirectional):
    encoder, inputs = build(bidirectional=bidirectional), make_text(width=9)
    peer = keras.layers.LSTM(HIDDEN_SIZE, use_cudnn=False)
    if bidirectional:
        peer = keras.layers.Bidirectional(peer)
    peer.build((None, None, EMBEDDING_SIZE))
    peer.set_weights(encoder.lstm_layers[0].get_weights())
    vectors = encoder.embeddings(inputs["token_ids"], inputs["padding_mask"])
    np.testing.assert_allclose(
        encoder(inputs)["features"],
        peer(vectors, mask=inputs["padding_mask"]),
        rtol=0,
        atol=1e-6,
    )


@LAYERS
@BOTH
def test_states_equal_those_of_pytorchs_packed_sequences(num_layers, bidirectional):
    torch = pytest.importorskip("torch")
    rnn = torch.nn.utils.rnn
    encoder = build(num_layers=num_layers, bidirectional=bidirectional)
    peer = torch.nn.LSTM(
        EMBEDDING_SIZE,
        HIDDEN_SIZE,
        num_layers,
        bidirectional=bidirectional,
        batch_first=True,
    )
    weights = {}
    for i, layer in enumerate(encoder.lstm_layers):
        for direction in layer.directions:
            suffix = f"l{i}" + ("_reverse" if direction.go_backwards else "")
            weights[f"weight_ih_{suffix}"] = direction.kernel.numpy().T
            weights[f"weight_hh_{suffix}"] = direction.recurrent_kernel.numpy().T
            weights[f"bias_ih_{suffix}"] = direction.bias.numpy()
            weights[f"bias_hh_{suffix}"] = np.zeros(4 * HIDDEN_SIZE, "f4")
    peer.load_state_dict({k: torch.tensor(v.copy()) for k, v in weights.items()})
    inputs = make_text()
    outputs = encoder(inputs)
    vectors = torch.tensor(outputs["hidden_states"][0].numpy())
    packed = rnn.pack_padded_sequence(
        vectors, torch.tensor(LENGTHS), batch_first=True, enforce_sorted=False
    )
    states, (last, _) = peer(packed)
    states, _ = rnn.pad_packed_sequence(states, batch_first=True)
    last = torch.cat(list(last[-1 - int(bidirectional) :]), dim=-1)
    np.testing.assert_allclose(
        outputs["features"], last.detach().numpy(), rtol=0, atol=1e-6
    )
    mask = inputs["padding_mask"]
    np.testing.assert_allclose(
        outputs["hidden_states"][-1].numpy()[mask],
        states.detach().numpy()[mask],
        rtol=0,
        atol=1e-6,
    )


def test_a_max_over_negative_states_is_negative():
    """Zeros at padding would win over them."""
    encoder = build(pooling="max", bidirectional=False)
    direction = encoder.lstm_layers[0].directions[0]
    bias = np.zeros((4, HIDDEN_SIZE))
    bias[2] = -9
    direction.bias.assign(bias.reshape(-1))
    features = encoder(make_text(width=9))["features"].numpy()
    assert (features < 0).all()


@pytest.mark.parametrize("pooling", ["last", "max"])
def test_a_row_without_tokens_is_0_and_learns_nothing(pooling):
    encoder = build(pooling=pooling, num_layers=2)
    inputs = make_text((4, 0, 2))
    with tf.GradientTape() as tape:
        features = encoder(inputs)["features"][1]
    assert not features.numpy().any()
    gradients = tape.gradient(features, [weight.value for weight in encoder.weights])
    for gradient in gradients:
        assert not tf.convert_to_tensor(gradient).numpy().any()


@pytest.mark.parametrize(
    ("rates", "differing"),
    [
        ({"embedding_dropout_prob": 0.5, "dropout_prob": 0.0}, [0, 1, 2]),
        ({"embedding_dropout_prob": 0.0, "dropout_prob": 0.5}, [2]),
    ],
)
def test_dropout_acts_on_embeddings_and_between_layers(rates, differing):
    encoder, inputs = build(num_layers=2, **rates), make_text((7, 7, 7))
    still = encoder(inputs, training=False)["hidden_states"]
    dropped = encoder(inputs, training=True)["hidden_states"]
    changed = [
        i
        for i, (one, other) in enumerate(zip(still, dropped, strict=True))
        if not np.array_equal(one, other)
    ]
    assert changed == differing
    if 0 in differing:
        zeros = (dropped[0].numpy() == 0).mean()
        assert 0.3 < zeros < 0.7
