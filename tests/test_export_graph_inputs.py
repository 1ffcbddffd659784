"""In the graph a model reads what it reads from NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_exports import TEXTS
from tiny_exports import columns
from tiny_exports import make_predictor
from tiny_exports import make_word_predictor

from distill_tf.export.graph_inputs import graph_inputs
from distill_tf.export.graph_inputs import token_specs
from distill_tf.export.graph_inputs import unflatten


@pytest.mark.parametrize("is_pair", [False, True])
@pytest.mark.parametrize("make", [make_predictor, make_word_predictor])
def test_graph_inputs_are_the_encoded_texts(make, is_pair):
    predictor = make(is_pair=is_pair)
    texts = [column for column in columns(predictor) if column is not None]
    found = tf.function(graph_inputs)(predictor.encoder, *map(tf.constant, texts))
    encoded = predictor.encode(*texts)
    indices = np.arange(len(TEXTS))
    if make is make_word_predictor and is_pair:
        expected = {
            side: part.pad(indices, int(part.lengths.max()))
            for side, part in (("first", encoded.first), ("second", encoded.second))
        }
    else:
        expected = encoded.pad(indices, int(encoded.lengths.max()))
    keras.tree.map_structure(
        lambda a, b: np.testing.assert_array_equal(a, b, strict=True),
        keras.tree.map_structure(np.asarray, found),
        expected,
    )


@pytest.mark.parametrize("is_separate_pair", [False, True])
def test_flat_names_lead_back_to_the_inputs(is_separate_pair):
    specs = token_specs(is_separate_pair)
    assert [spec.name for spec in specs.values()] == list(specs)
    inputs = unflatten({name: name for name in specs})
    if is_separate_pair:
        assert inputs["second"] == {
            "token_ids": "second_token_ids",
            "segment_ids": "second_segment_ids",
            "padding_mask": "second_padding_mask",
        }
        assert inputs.keys() == {"first", "second"}
    else:
        assert inputs == {name: name for name in specs}
        assert list(inputs) == ["token_ids", "segment_ids", "padding_mask"]
