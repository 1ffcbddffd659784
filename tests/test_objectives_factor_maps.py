"""Paraphraser and translator against a NumPy LSTM, and what padding does to them."""

import keras
import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf.objectives.factor_maps import FactorMaps

BATCH, LENGTH, WIDTH, STUDENT_WIDTH, SIZE = 3, 5, 4, 7, 2
MASK = np.arange(LENGTH) < np.array([5, 1, 3])[:, None]


def make_maps(seed=0, dtype="float32"):
    maps = FactorMaps(STUDENT_WIDTH, WIDTH, SIZE, dtype=dtype)
    generator = np.random.default_rng(seed)
    for variable in maps.trainable_variables:
        variable.assign(generator.normal(size=variable.shape))
    return maps


def make_states(seed=1, length=LENGTH):
    shape = BATCH, length, WIDTH
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def weights(layer):
    return [weight.astype(np.float64) for weight in layer.get_weights()]


def reference_decoder(maps, states, mask, encoder=None):
    """The reconstruction, each text by itself and step by step."""
    kernel, recurrent_kernel, bias = weights(maps.paraphraser.decoder)
    out_kernel, out_bias = weights(maps.paraphraser.output_dense)
    encoder = encoder or weights(maps.paraphraser.encoder)
    _, factors = reference.lstm(states, mask, *encoder)
    rows = []
    for sequence, valid, hidden in zip(states, mask, factors, strict=True):
        cell, row = np.zeros(SIZE), []
        for position in range(valid.sum()):
            known = sequence[position - 1] if position % 2 else np.zeros(WIDTH)
            gates = known @ kernel + hidden @ recurrent_kernel + bias
            i, f, g, o = np.split(gates, 4)
            cell = reference.sigmoid(f) * cell + reference.sigmoid(i) * np.tanh(g)
            hidden = reference.sigmoid(o) * np.tanh(cell)
            row.append(hidden @ out_kernel + out_bias)
        rows.append(np.array(row))
    return rows


def test_the_factor_is_the_last_state_of_a_text():
    maps, states = make_maps(), make_states()
    _, expected = reference.lstm(states, MASK, *weights(maps.paraphraser.encoder))
    found = maps.paraphraser.factor(states, MASK)
    assert found.shape == (BATCH, SIZE)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_the_reconstruction_knows_the_factor_and_every_second_state():
    maps, states = make_maps(), make_states()
    found = maps.paraphraser.reconstruct(states, MASK).numpy()
    assert found.shape == states.shape
    for row, valid, expected in zip(
        found, MASK, reference_decoder(maps, states, MASK), strict=True
    ):
        np.testing.assert_allclose(row[valid], expected, rtol=1e-4, atol=1e-5)


def test_the_gradient_of_the_encoder_equals_finite_differences():
    maps, states = make_maps(), make_states()
    encoder = maps.paraphraser.encoder
    with tf.GradientTape() as tape:
        found = maps.paraphraser.reconstruct(states, MASK)
        total = tf.reduce_sum(tf.boolean_mask(found, MASK))
    gradient = tape.gradient(total, encoder.trainable_variables)[0]
    kernel, *others = weights(encoder)

    def reconstruction(kernel):
        rows = reference_decoder(maps, states, MASK, [kernel, *others])
        return np.concatenate(rows)

    expected = reference.numerical_gradient(reconstruction, kernel)
    np.testing.assert_allclose(gradient, expected, rtol=1e-3, atol=1e-5)
    assert np.abs(gradient).max() > 1e-3


def test_the_translator_takes_one_step_from_zeros():
    maps = make_maps()
    features = np.random.default_rng(2).normal(size=(BATCH, STUDENT_WIDTH))
    features = features.astype(np.float32)
    _, expected = reference.lstm(
        features[:, None],
        np.ones((BATCH, 1)),
        *reference.lstm_of_one_step(*weights(maps.translator.gates)),
    )
    found = maps.translator.factor(features)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def values_and_gradients(maps, states, mask, function):
    with tf.GradientTape() as tape:
        values = function(maps.paraphraser)(states, mask)
        valid = mask[:, : values.shape[1]] if values.shape.rank == 3 else mask[:, :1]
        kept = values if values.shape.rank == 2 else tf.boolean_mask(values, valid)
        total = tf.reduce_sum(tf.square(kept))
    gradients = tape.gradient(total, maps.paraphraser.encoder.trainable_variables)
    return kept.numpy(), [gradient.numpy() for gradient in gradients]


@pytest.mark.parametrize("garbage", [1e4, np.inf, np.nan], ids=str)
@pytest.mark.parametrize("name", ["factor", "reconstruct"])
def test_padding_reaches_neither_values_nor_gradients(name, garbage):
    maps, states = make_maps(), make_states()
    expected = values_and_gradients(
        maps, states, MASK, lambda layer: getattr(layer, name)
    )
    widths = [(0, 0), (0, 2)]
    padded = np.pad(states, [*widths, (0, 0)])
    mask = np.pad(MASK, widths)
    padded[~mask] = garbage
    found = values_and_gradients(maps, padded, mask, lambda layer: getattr(layer, name))
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-5, atol=1e-6)
    for gradient, other in zip(found[1], expected[1], strict=True):
        np.testing.assert_allclose(gradient, other, rtol=1e-4, atol=1e-5)


def test_the_paraphraser_learns_to_tell_a_text_from_its_factor():
    keras.utils.set_random_seed(0)
    maps = FactorMaps(STUDENT_WIDTH, WIDTH, 6)
    states = tf.constant(make_states())
    variables = maps.paraphraser.trainable_variables
    optimizer = keras.optimizers.Adam(0.03)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            found = maps.paraphraser.reconstruct(states, MASK)
            error = tf.reduce_mean(tf.boolean_mask(tf.square(found - states), MASK))
        optimizer.apply(tape.gradient(error, variables), variables)
        return error

    optimizer.build(variables)
    errors = [float(step()) for _ in range(200)]
    assert errors[-1] < 0.05 * errors[0]


def test_the_same_text_has_the_same_reconstruction():
    maps, states = make_maps(), make_states()
    first, second = (maps.paraphraser.reconstruct(states, MASK) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_unknown_batch_and_length_can_be_traced():
    maps, states = make_maps(), make_states()
    traced = tf.function(
        maps.paraphraser.reconstruct,
        input_signature=[
            tf.TensorSpec((None, None, WIDTH), tf.float32),
            tf.TensorSpec((None, None), tf.bool),
        ],
        jit_compile=False,
    )
    np.testing.assert_allclose(
        traced(states, MASK), maps.paraphraser.reconstruct(states, MASK), atol=1e-6
    )


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_is_near_float32(policy):
    states = make_states()
    exact, mixed = make_maps(), make_maps(dtype=policy)
    assert {weight.dtype for weight in mixed.weights} == {"float32"}
    found = mixed.paraphraser.reconstruct(states, MASK)
    assert keras.backend.standardize_dtype(found.dtype) == policy.removeprefix("mixed_")
    np.testing.assert_allclose(
        np.asarray(found, np.float32)[MASK],
        exact.paraphraser.reconstruct(states, MASK).numpy()[MASK],
        atol=0.05,
    )
