"""The names of inputs outside TensorFlow."""

import pytest

from distill_tf.export.flat_inputs import flat_inputs
from distill_tf.export.flat_inputs import input_names
from distill_tf.export.flat_inputs import length_name

NAMES = {
    "token_ids": "input_ids",
    "segment_ids": "token_type_ids",
    "padding_mask": "attention_mask",
}


def test_one_row_a_text():
    inputs = {name: name.upper() for name in NAMES}
    assert flat_inputs(inputs) == {NAMES[name]: inputs[name] for name in NAMES}
    assert input_names(inputs) == NAMES


def test_two_rows_a_pair():
    inputs = {
        side: {name: f"{side}/{name}" for name in NAMES} for side in ("first", "second")
    }
    assert flat_inputs(inputs) == {
        f"{side}_{NAMES[name]}": f"{side}/{name}" for side in inputs for name in NAMES
    }
    assert input_names(inputs)["second"]["padding_mask"] == "second_attention_mask"


@pytest.mark.parametrize("name", NAMES.values())
@pytest.mark.parametrize("side", ["", "first_", "second_"])
def test_sides_have_lengths_of_their_own(side, name):
    assert length_name(side + name) == f"{side}length"
