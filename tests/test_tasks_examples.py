"""Examples: checks, selecting rows, concatenating sets."""

import numpy as np
import pytest

from distill_tf.tasks.examples import UNLABELLED
from distill_tf.tasks.examples import Examples
from distill_tf.tasks.examples import concatenate


def classes(*labels):
    return np.array(labels, np.int32)


def scores(*labels):
    return np.array(labels, np.float32)


def test_length_and_kind():
    examples = Examples(["a", "b", "c"], ["d", "e", "f"], classes(0, 2, 1))
    assert len(examples) == 3
    assert examples.is_pair
    assert not Examples(["a"]).is_pair


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ((["a", "b"], ["c"]), "2 texts_a but 1 texts_b"),
        ((["a", "b"], None, classes(0)), r"shape \(2,\), got \(1,\)"),
        ((["a"], None, classes(0)[:, None]), r"shape \(1,\), got \(1, 1\)"),
        ((["a"], None, np.array([0])), "int32 or float32, got int64"),
    ],
)
def test_columns_that_do_not_fit(columns, message):
    with pytest.raises(ValueError, match=message):
        Examples(*columns)


def test_select_orders_and_repeats():
    examples = Examples(["a", "b", "c"], ["d", "e", "f"], classes(0, 2, 1))
    selected = examples.select(np.array([2, 0, 2]))
    assert selected.texts_a == ["c", "a", "c"]
    assert selected.texts_b == ["f", "d", "f"]
    np.testing.assert_array_equal(selected.labels, [1, 0, 1])
    assert selected.labels.dtype == np.int32


def test_select_nothing():
    selected = Examples(["a"], None, classes(0)).select([])
    assert len(selected) == 0
    assert selected.labels.shape == (0,)


def test_select_refuses_a_mask():
    with pytest.raises(ValueError, match="flatnonzero"):
        Examples(["a", "b"]).select(np.array([True, False]))


def test_without_labels():
    examples = Examples(["a"], ["b"], classes(1)).without_labels()
    assert (examples.texts_a, examples.texts_b, examples.labels) == (["a"], ["b"], None)


def test_concatenate_marks_rows_without_a_class():
    whole = concatenate([Examples(["a"], None, classes(1)), Examples(["b", "c"])])
    assert whole.texts_a == ["a", "b", "c"]
    np.testing.assert_array_equal(whole.labels, [1, UNLABELLED, UNLABELLED])
    assert whole.labels.dtype == np.int32
    np.testing.assert_array_equal(whole.is_labelled, [True, False, False])


def test_concatenate_marks_rows_without_a_score():
    whole = concatenate([Examples(["a"]), Examples(["b"], None, scores(2.5))])
    np.testing.assert_array_equal(whole.labels, [np.nan, 2.5])
    assert whole.labels.dtype == np.float32
    np.testing.assert_array_equal(whole.is_labelled, [False, True])


def test_concatenate_pairs_without_labels():
    whole = concatenate([Examples(["a"], ["b"]), Examples(["c"], ["d"])])
    assert (whole.texts_a, whole.texts_b) == (["a", "c"], ["b", "d"])
    assert whole.labels is None
    np.testing.assert_array_equal(whole.is_labelled, [False, False])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "nothing"),
        ([Examples(["a"]), Examples(["b"], ["c"])], "pairs with single"),
        (
            [Examples(["a"], None, classes(0)), Examples(["b"], None, scores(0.5))],
            "class labels with scores",
        ),
    ],
)
def test_parts_that_do_not_fit(parts, message):
    with pytest.raises(ValueError, match=message):
        concatenate(parts)
