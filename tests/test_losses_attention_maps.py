"""The attention-map loss of two towers, against the NumPy reference and by hand."""

import math

import ml_dtypes
import numpy as np
import pytest
import reference
import reference_towers
import tensorflow as tf

from distill_tf.losses import attention_map_mse

BATCH, HEADS, QUERIES, KEYS, SIZE = 3, 2, 4, 5, 6
FULL_LENGTH = 11
QUERY_MASK = np.arange(QUERIES) < np.array([4, 1, 3])[:, None]
KEY_MASK = np.arange(KEYS) < np.array([2, 5, 4])[:, None]


def make_inputs(seed=7):
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(BATCH, HEADS, QUERIES, SIZE)),
        rng.normal(size=(BATCH, HEADS, KEYS, SIZE)),
        rng.normal(size=(BATCH, HEADS, QUERIES, KEYS)),
    )


MASKS = (QUERY_MASK, KEY_MASK)


def as_float32(*arrays):
    return [array.astype(np.float32) for array in arrays]


def values_and_gradients(queries, keys, scores, *masks, key_length=FULL_LENGTH):
    queries, keys = tf.constant(queries), tf.constant(keys)
    with tf.GradientTape() as tape:
        tape.watch([queries, keys])
        values = attention_map_mse(queries, keys, scores, *masks, key_length)
        total = tf.reduce_sum(values)
    return values.numpy(), [g.numpy() for g in tape.gradient(total, [queries, keys])]


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("key_length", [None, FULL_LENGTH])
def test_equals_the_reference_in_float32_whatever_the_dtype(dtype, key_length):
    inputs = [array.astype(dtype) for array in make_inputs()]
    values = attention_map_mse(*map(tf.constant, inputs), *MASKS, key_length)
    assert values.dtype == tf.float32
    rounded = (array.astype(np.float64) for array in inputs)
    expected = reference_towers.attention_map_mse(*rounded, *MASKS, key_length)
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_a_value_by_hand():
    # One head, two queries of which one counts, two keys, d = 4. The student's scores
    # are ln 3 and 0, so its attention is 3/4 and 1/4; the teacher's is 1/2 and 1/2.
    query = np.zeros((1, 1, 2, 4), np.float32)
    query[0, 0, :, 0] = 2 * math.log(3), 5.0
    key = np.zeros((1, 1, 2, 4), np.float32)
    key[0, 0, 0, 0] = 1.0
    inputs = query, key, np.zeros((1, 1, 2, 2), np.float32)
    masks = np.array([[True, False]]), np.array([[True, True]])
    # (1/16 + 1/16) / (1 query x 2 keys), or x 8 keys at full length.
    assert attention_map_mse(*inputs, *masks).numpy() == pytest.approx([1 / 16])
    assert attention_map_mse(*inputs, *masks, 8).numpy() == pytest.approx([1 / 64])


def test_gradients_equal_finite_differences_of_the_reference():
    queries, keys, scores = make_inputs()
    _, gradients = values_and_gradients(*as_float32(queries, keys, scores), *MASKS)

    def expected(of_queries):
        return reference.numerical_gradient(
            lambda point: reference_towers.attention_map_mse(
                *((point, keys) if of_queries else (queries, point)),
                scores,
                *MASKS,
                FULL_LENGTH,
            ),
            queries if of_queries else keys,
        )

    for gradient, of_queries in zip(gradients, (True, False), strict=True):
        np.testing.assert_allclose(gradient, expected(of_queries), rtol=1e-4, atol=1e-7)
        assert np.abs(gradient).max() > 1e-3


def test_no_gradient_reaches_the_teacher_through_the_students_side():
    inputs = [tf.constant(array) for array in as_float32(*make_inputs())]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        value = attention_map_mse(*inputs[:2], tf.stop_gradient(inputs[2]), *MASKS)
    gradients = tape.gradient(value, inputs)
    assert gradients[2] is None
    assert all(np.abs(gradient).max() > 1e-4 for gradient in gradients[:2])


def test_equal_attention_is_exactly_zero_and_has_no_gradient():
    queries, keys, _ = as_float32(*make_inputs())
    # Powers of four make the scale a power of two, so that both sides round alike.
    queries, keys = queries[..., :4], keys[..., :4]
    scores = tf.matmul(queries, keys, transpose_b=True) / 2
    # A constant added to a row changes no softmax, and what is masked counts nowhere.
    scores = tf.where(KEY_MASK[:, None, None], scores, 50.0)
    values, gradients = values_and_gradients(queries, keys, scores, *MASKS)
    np.testing.assert_array_equal(values, np.zeros(BATCH))
    for gradient in gradients:
        np.testing.assert_array_equal(gradient, np.zeros_like(gradient))


@pytest.mark.parametrize("garbage", [1e4, np.inf, np.nan], ids=str)
def test_padding_reaches_neither_value_nor_gradient(garbage):
    inputs = as_float32(*make_inputs())
    values, gradients = values_and_gradients(*inputs, *MASKS)
    more = {QUERIES: 2, KEYS: 3}

    def padded(array):
        """A tensor whose positions grow; those that are added hold garbage."""
        widths = [(0, more.get(size, 0)) for size in array.shape]
        return np.pad(array, widths, constant_values=garbage)

    dirty = [padded(array) for array in inputs]
    for vectors, mask in zip(dirty, MASKS, strict=False):
        vectors[:, :, : mask.shape[1]][~mask[:, None].repeat(HEADS, axis=1)] = garbage
    wider = [np.pad(mask, [(0, 0), (0, more[mask.shape[1]])]) for mask in MASKS]
    padded_values, padded_gradients = values_and_gradients(*dirty, *wider)
    np.testing.assert_allclose(padded_values, values, rtol=1e-6)
    for padded_gradient, gradient in zip(padded_gradients, gradients, strict=True):
        length = gradient.shape[2]
        np.testing.assert_allclose(
            padded_gradient[:, :, :length], gradient, rtol=1e-5, atol=1e-8
        )
        np.testing.assert_array_equal(padded_gradient[:, :, length:], 0)


def test_an_example_does_not_depend_on_its_batch():
    inputs = [*as_float32(*make_inputs()), *MASKS]
    together = attention_map_mse(*inputs)
    alone = [attention_map_mse(*(x[b : b + 1] for x in inputs))[0] for b in range(3)]
    np.testing.assert_allclose(together, alone, rtol=1e-6)


def test_a_text_without_tokens_is_zero():
    inputs = as_float32(*make_inputs())
    for masks in (
        (np.zeros_like(QUERY_MASK), KEY_MASK),
        (QUERY_MASK, np.zeros_like(KEY_MASK)),
    ):
        values, gradients = values_and_gradients(*inputs, *masks)
        np.testing.assert_array_equal(values, np.zeros(BATCH))
        for gradient in gradients:
            np.testing.assert_array_equal(gradient, np.zeros_like(gradient))


def test_unknown_batch_and_lengths_can_be_traced():
    inputs = [*as_float32(*make_inputs()), *MASKS]
    sizes = {HEADS, SIZE}
    specs = [
        tf.TensorSpec([n if n in sizes else None for n in x.shape], x.dtype)
        for x in inputs
    ]
    traced = tf.function(attention_map_mse, input_signature=specs)
    np.testing.assert_allclose(
        traced(*map(tf.constant, inputs)), attention_map_mse(*inputs), rtol=1e-6
    )


@pytest.mark.parametrize(
    ("index", "change", "message"),
    [
        (0, lambda x: x[0], r"student vectors of shape \(2, 4, 6\)"),
        (1, lambda x: x[0], r"student vectors of shape \(2, 5, 6\)"),
        (2, lambda x: x[:, :1], "differ in number of heads"),
        (2, lambda x: x[:, :, :, :2], "differ in key length"),
        (3, lambda x: x[:, :1], r"mask of shape \(3, 4\).*got shape \(3, 1\)"),
        (4, lambda x: x[:, :1], r"mask of shape \(3, 5\).*got shape \(3, 1\)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(index, change, message):
    inputs = [*as_float32(*make_inputs()), *MASKS]
    inputs[index] = change(inputs[index])
    with pytest.raises(ValueError, match=message):
        attention_map_mse(*inputs)
