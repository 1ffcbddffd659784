"""Outputs without padding and back."""

import ml_dtypes
import numpy as np
import pytest
from tiny_training import TEACHER
from tiny_training import make_classifier
from tiny_training import make_inputs

from distill_tf.teacher_cache.columns import Column
from distill_tf.teacher_cache.columns import columns_of
from distill_tf.teacher_cache.columns import padding_mask

# The second row has padding in its middle, the last one none.
MASK = np.array(
    [[1, 1, 1, 0, 0], [1, 0, 0, 1, 1], [1, 0, 0, 0, 0], [1, 1, 1, 1, 1]], bool
)
LENGTHS = MASK.sum(axis=1)
COLUMNS = {
    "logits": Column("logits", None, (3,)),
    "hidden_states": Column("hidden_states", 2, (None, 7)),
    "queries": Column("queries", 0, (2, None, 4)),
    "attention_scores": Column("attention_scores", 1, (2, None, None)),
}


def padded(column, mask, padding=0.0):
    """Values that bfloat16 holds exactly, `padding` where one stands."""
    shape = (len(mask), *(mask.shape[1] if n is None else n for n in column.shape))
    values = np.arange(np.prod(shape)).reshape(shape) % 251 + 1.0
    for axis, size in enumerate(column.shape, start=1):
        if size is None:
            along = np.moveaxis(values, (0, axis), (0, 1))
            along[~mask] = padding
    return values.astype(np.float32)


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("mask", [MASK, MASK[3:]], ids=["padded", "full"])
def test_padding_is_left_out_and_comes_back_as_zeros(column, mask):
    rows = column.flatten(padded(column, mask, padding=np.nan), mask)
    assert rows.shape == (column.sizes(mask.sum(axis=1)).sum(),)
    assert rows.dtype == column.dtype
    assert np.isfinite(rows.astype(np.float32)).all()
    values = column.restore(rows, len(mask), mask)
    np.testing.assert_array_equal(values.astype("f4"), padded(column, mask))


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_rows_can_be_taken_in_another_order_and_width(column):
    values = padded(column, MASK)
    rows = np.split(column.flatten(values, MASK), np.cumsum(column.sizes(LENGTHS))[:-1])
    order, wider = [3, 0, 2], np.pad(MASK, [(0, 0), (0, 3)])
    taken = np.concatenate([rows[i] for i in order])
    found = column.restore(taken, 3, wider[order])
    np.testing.assert_array_equal(
        found.astype("f4"), padded_to_width(column, values, 8)[order]
    )


def padded_to_width(column, values, width):
    wider = [
        (0, width - size if axis and column.shape[axis - 1] is None else 0)
        for axis, size in enumerate(values.shape)
    ]
    return np.pad(values, wider)


def test_logits_keep_all_their_bits_and_bytes_are_counted():
    logits = np.random.default_rng(0).normal(size=(4, 3)).astype("f4")
    column = COLUMNS["logits"]
    kept = column.restore(column.flatten(logits, None), 4, None)
    np.testing.assert_array_equal(kept, logits, strict=True)
    assert column.num_bytes(LENGTHS) == 4 * 3 * 4
    scores = COLUMNS["attention_scores"]
    assert scores.dtype == ml_dtypes.bfloat16
    assert scores.num_bytes(LENGTHS) == 2 * 2 * (9 + 9 + 1 + 25)


def test_columns_of_a_teachers_outputs():
    outputs = make_classifier(TEACHER).compute_outputs(make_inputs())
    features = {"logits": None, "padding_mask": None, "hidden_states": (-1, 0, 3)}
    found = columns_of({**features, "attention_scores": (2,)}, outputs)
    assert [column.name for column in found] == [
        *("logits", "hidden_states/3", "hidden_states/0", "attention_scores/2")
    ]
    assert [column.shape for column in found] == [
        *((3,), (None, 12), (None, 12), (3, None, None))
    ]


def test_masks_of_readings():
    inputs = make_inputs()
    mask = inputs["padding_mask"]
    np.testing.assert_array_equal(padding_mask(inputs), mask)
    pair = padding_mask({"first": inputs, "second": inputs})
    np.testing.assert_array_equal(pair, np.concatenate([mask, mask], axis=1))
    assert padding_mask((inputs, inputs)) is None
