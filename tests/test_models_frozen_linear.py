"""Weights that stay as they are: the same numbers, from a kernel made for that."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from distill_tf.models import frozen_linear as module
from distill_tf.models.activations import ACTIVATIONS
from distill_tf.models.dense import Dense

WIDTH, UNITS = 5, 3
OPERATION = "_MklNativeFusedMatMul"
NAMES = (None, *ACTIVATIONS)


def random(seed, *shape):
    values = np.random.default_rng(seed).normal(size=shape)
    return tf.constant(values, tf.bfloat16)


def build(hidden_act=None, policy="bfloat16"):
    layer = Dense(UNITS, hidden_act, dtype=policy)
    layer.build((None, WIDTH))
    layer.set_weights([random(1, WIDTH, UNITS).numpy(), random(2, UNITS).numpy()])
    return layer


def assert_close(found, expected):
    """But for the rounding to bfloat16."""
    found, expected = (tf.cast(each, tf.float32) for each in (found, expected))
    np.testing.assert_allclose(found, expected, rtol=2e-2, atol=2e-2)


def traced(layer):
    specification = tf.TensorSpec((None, WIDTH), tf.bfloat16)
    return tf.function(layer, input_signature=[specification])


def operations(function) -> set[str]:
    graph = function.get_concrete_function().graph
    return {operation.type for operation in graph.get_operations()}


@pytest.fixture
def available():
    if not tf.function(lambda: tf.constant(module.is_available()))():
        pytest.skip("TensorFlow has no oneDNN here")


@pytest.fixture
def asked_anew():
    module._works.cache_clear()
    yield
    module._works.cache_clear()


@pytest.mark.parametrize("hidden_act", NAMES)
@pytest.mark.parametrize("rows", [1, 7, 33])
def test_the_values_are_those_of_the_formula(hidden_act, rows):
    layer = build(hidden_act)
    inputs = random(3, rows, WIDTH)
    exact = [tf.cast(each, tf.float32) for each in (inputs, layer.kernel, layer.bias)]
    linear = exact[0] @ exact[1] + exact[2]
    expected = ACTIVATIONS[hidden_act](linear) if hidden_act else linear
    found = traced(layer)(inputs)
    assert found.dtype == tf.bfloat16
    assert found.shape == (rows, UNITS)
    assert_close(found, expected)


@pytest.mark.parametrize("hidden_act", NAMES)
def test_the_gradient_is_that_of_trained_weights(hidden_act):
    inputs, upstream = random(3, 7, WIDTH), random(4, 7, UNITS)

    def gradient(layer):
        @tf.function
        def run():
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                outputs = layer(inputs)
            return tape.gradient(outputs, inputs, upstream)

        return run()

    expected = gradient(build(hidden_act, "mixed_bfloat16"))
    assert np.abs(expected).max() > 0.1
    assert_close(gradient(build(hidden_act)), expected)


def test_all_batches_of_a_traced_graph_have_their_own_rows(available):
    """The weights' order is kept from the first call on."""
    layer = build("gelu_tanh")
    function = traced(layer)
    for rows in (2, 64, 3, 1, 64):
        inputs = random(rows, rows, WIDTH)
        assert_close(function(inputs), build("gelu_tanh", "mixed_bfloat16")(inputs))


def test_who_takes_the_operation(available):
    assert OPERATION in operations(traced(build("gelu_tanh")))
    assert OPERATION not in operations(traced(build("gelu_tanh", "mixed_bfloat16")))


def test_where_it_does_not_work_there_is_the_ordinary_product(monkeypatch, asked_anew):
    inputs = random(3, 7, WIDTH)
    before = traced(build("relu"))(inputs)
    monkeypatch.setattr(module, "_OPERATION", "_NoSuchOperation")
    module._works.cache_clear()
    function = traced(build("relu"))
    assert "_NoSuchOperation" not in operations(function)
    assert_close(function(inputs), before)


@pytest.mark.parametrize("value", ["0", "false"])
def test_without_onednn_there_is_the_ordinary_product(
    monkeypatch, asked_anew, available, value
):
    module._works.cache_clear()
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", value)
    assert OPERATION not in operations(traced(build("relu")))


def test_a_processor_without_bfloat16_is_not_tried_out(
    monkeypatch, asked_anew, available
):
    """oneDNN would end the process."""
    module._works.cache_clear()
    monkeypatch.setattr(module, "cpu_has_bfloat16", lambda: False)
    monkeypatch.setattr(module, "_fused", None)
    assert OPERATION not in operations(traced(build("relu")))


def test_an_operation_that_has_lost_an_activation_is_not_taken(
    monkeypatch, asked_anew, available
):
    module._works.cache_clear()
    monkeypatch.setitem(module.JOINED, "tanh", ("NoSuchActivation",))
    assert OPERATION not in operations(traced(build("relu")))


def test_weights_in_bfloat16_can_be_trained():
    layer = build("relu")

    @tf.function
    def gradients():
        with tf.GradientTape() as tape:
            outputs = layer(random(3, 7, WIDTH), training=True)
        return tape.gradient(outputs, [layer.kernel.value, layer.bias.value])

    assert all(np.abs(tf.cast(g, tf.float32)).max() > 0 for g in gradients())


def test_outside_of_a_graph_there_is_the_ordinary_product():
    inputs = random(3, 7, WIDTH)
    assert_close(build()(inputs), traced(build())(inputs))


def test_an_activation_without_a_kernel_of_its_own_comes_after_it(available):
    function = traced(build("silu"))
    assert OPERATION in operations(function)
    inputs = random(3, 7, WIDTH)
    assert_close(function(inputs), keras.ops.silu(traced(build())(inputs)))
