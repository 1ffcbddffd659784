"""Label texts to class indices and scores."""

from pathlib import Path

import numpy as np
import pytest

from distill_tf.errors import DistillError
from distill_tf.tasks.labels import as_array
from distill_tf.tasks.labels import class_parser
from distill_tf.tasks.labels import parse_score
from distill_tf.tasks.row import Row


def row(label):
    return Row(Path("dev.tsv"), 7, ("text",), label)


@pytest.mark.parametrize(
    ("label", "index"), [("neg", 0), ("pos", 1), (" pos ", 1), ("0", 0), ("1", 1)]
)
def test_classes_and_their_aliases(label, index):
    parse = class_parser(("neg", "pos"), {"0": "neg", "1": "pos"})
    assert parse(row(label)) == index


@pytest.mark.parametrize("label", ["Neg", "", "2", "negative"])
def test_unknown_label(label):
    parse = class_parser(("neg", "pos"), {"1": "pos"})
    message = f"dev.tsv:7: unknown label {label!r}, expected one of 'neg', 'pos', '1'"
    with pytest.raises(DistillError, match=message):
        parse(row(label))


@pytest.mark.parametrize(
    ("label", "score"), [("4.75", 4.75), (" 3 ", 3), ("-1e-2", -0.01)]
)
def test_scores(label, score):
    assert parse_score(row(label)) == score


@pytest.mark.parametrize("label", ["", "high", "nan", "inf", "1,5", "NaN"])
def test_no_number(label):
    with pytest.raises(DistillError, match="dev.tsv:7: expected a number as score"):
        parse_score(row(label))


def test_data_types():
    assert as_array([2, 0], is_regression=False).dtype == np.int32
    assert as_array([2.5], is_regression=True).dtype == np.float32
