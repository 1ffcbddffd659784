"""The function that converters trace."""

import numpy as np
import pytest
import tensorflow as tf
from export_students import make_predictor
from tiny_exports import make_word_predictor

from distill_tf.data.batches import pad
from distill_tf.export.constant_graph import constant_graph
from distill_tf.export.flat_inputs import flat_inputs

COLUMNS = {False: (["a b c", "d", "e f"],), True: (["a b c", "d"], ["e", "f a b d"])}


@pytest.mark.parametrize("is_pair", [False, True])
@pytest.mark.parametrize("make", [make_predictor, make_word_predictor])
@pytest.mark.parametrize("dtype", [tf.int32, tf.int64])
def test_it_gives_the_models_logits_without_its_variables(make, is_pair, dtype):
    predictor = make(is_pair=is_pair)
    columns = COLUMNS[is_pair]
    expected = predictor.logits(*columns)
    graph = constant_graph(predictor, dtype)
    function = graph.function.get_concrete_function(*graph.specs)
    for variable in predictor.model.variables:
        variable.assign(tf.zeros_like(variable))

    arrays = flat_inputs(pad(predictor.encode(*columns), np.arange(len(expected))))
    assert {spec.name for spec in graph.specs} == set(arrays)
    assert {spec.dtype for spec in graph.specs} == {dtype}
    assert {spec.shape.rank for spec in graph.specs} == {2}
    logits = function(*(tf.cast(arrays[spec.name], dtype) for spec in graph.specs))
    np.testing.assert_allclose(logits["logits"], expected, rtol=1e-5, atol=1e-6)
    assert not function.captured_inputs
