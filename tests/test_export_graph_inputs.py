"""In the graph a model reads what it reads from NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_exports import TEXTS
from tiny_exports import columns
from tiny_exports import make_predictor
from tiny_exports import make_word_predictor
from tiny_towers import make_pair_encoder

from distill_tf.data.padding import pad
from distill_tf.export.graph_inputs import graph_inputs
from distill_tf.export.graph_inputs import token_specs
from distill_tf.export.graph_inputs import unflatten
from distill_tf.text import encode_all


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


@pytest.mark.parametrize("layout", ["towers", "bipartite"])
@pytest.mark.parametrize("pads_to_max", [False, True])
def test_graph_inputs_of_pairs_with_padding_inside(layout, pads_to_max):
    encoder = make_pair_encoder(layout, pads_to_max=pads_to_max)
    texts = [["a b c", "d", "e f g a b c"], ["a", "b c d e f", ""]]
    found = tf.function(graph_inputs)(encoder, *map(tf.constant, texts))
    expected = pad(encode_all(encoder, *texts), np.arange(3))
    keras.tree.map_structure(
        lambda a, b: np.testing.assert_array_equal(a, b, strict=True),
        keras.tree.map_structure(np.asarray, found),
        expected,
    )
    flat = token_specs(encoder, is_pair=True)
    shapes = unflatten({name: name for name in flat})
    keras.tree.assert_same_structure(shapes, expected)


@pytest.mark.parametrize("is_separate_pair", [False, True])
def test_flat_names_lead_back_to_the_inputs(is_separate_pair):
    make = make_word_predictor if is_separate_pair else make_predictor
    specs = token_specs(make(is_pair=True).encoder, is_pair=True)
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
