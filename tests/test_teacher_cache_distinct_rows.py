"""Examples named by what the teacher reads of them."""

import numpy as np
import pytest
from tiny_cache import LENGTHS
from tiny_cache import encoded_batches
from tiny_cache import some_batches
from tiny_training import make_encoded
from tiny_training import make_inputs

from distill_tf.teacher_cache import DistinctRows
from distill_tf.teacher_cache.distinct_rows import keys_and_lengths
from distill_tf.text import EncodedPairs
from distill_tf.text.pair_layout import SeparateLayout


def test_the_same_tokens_are_one_row():
    encoded = make_encoded([4, 3, 4, 3])
    for array in (encoded.token_ids, encoded.segment_ids):
        array[7:11] = array[:4]
    found = DistinctRows.of(encoded_batches(encoded))
    assert len(found) == 3
    np.testing.assert_array_equal(found.lengths, [3, 3, 4])
    assert found.row_of_example[0] == found.row_of_example[2] == 2
    np.testing.assert_array_equal(found.lengths[found.row_of_example], encoded.lengths)
    again = found.row_of_example[found.examples]
    np.testing.assert_array_equal(again, [0, 1, 2])


def test_a_row_is_the_same_in_other_company():
    """Whatever the padding, the order and the other examples."""
    few, many = (
        dict(zip(rows.keys, rows.lengths, strict=True))
        for rows in map(
            DistinctRows.of, (some_batches(LENGTHS[:4]), some_batches(LENGTHS))
        )
    )
    # Random ids are drawn in order, so that the first rows agree.
    assert len(few) == 4
    tokens, _ = keys_and_lengths(make_inputs(width=7))
    wider, _ = keys_and_lengths(make_inputs(width=11))
    np.testing.assert_array_equal(tokens, wider)


def test_more_examples_than_are_read_at_a_time(monkeypatch):
    expected = DistinctRows.of(some_batches())
    monkeypatch.setattr("distill_tf.teacher_cache.distinct_rows._EXAMPLES_AT_A_TIME", 4)
    found = DistinctRows.of(some_batches())
    for name in ("keys", "lengths", "examples", "row_of_example"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


@pytest.mark.parametrize("name", ["token_ids", "segment_ids", "position_ids"])
def test_every_input_counts_at_tokens_alone(name):
    inputs = {**make_inputs(), "position_ids": np.zeros((3, 7), np.int32)}
    before, _ = keys_and_lengths(inputs)
    for position, changed in ((4, [False, False, True]), (6, [False] * 3)):
        other = {**inputs, name: inputs[name].copy()}
        other[name][2, position] += 1  # Five tokens.
        np.testing.assert_array_equal(keys_and_lengths(other)[0] != before, changed)


def test_a_text_may_not_run_into_the_next_one():
    def pair(first, second):
        return EncodedPairs(row(first), row(second), SeparateLayout((9, 9)))

    def row(tokens):
        encoded = make_encoded([len(tokens)])
        encoded.token_ids[:] = tokens
        encoded.segment_ids[:] = 0
        return encoded

    keys = {
        DistinctRows.of(encoded_batches(pair(*texts))).keys[0]
        for texts in (([7, 8], [9]), ([7], [8, 9]), ([9], [7, 8]))
    }
    assert len(keys) == 3


def test_several_readings_all_count():
    first, other = make_inputs(seed=1), make_inputs(seed=2)
    keys, lengths = keys_and_lengths((first, other))
    np.testing.assert_array_equal(lengths, [14, 6, 10])
    assert not np.isin(keys, keys_and_lengths((first, first))[0]).any()
    assert not np.isin(keys, keys_and_lengths(first)[0]).any()
