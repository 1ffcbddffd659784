"""Batches: contents, order, going on in the middle of an epoch."""

import itertools
from dataclasses import replace

import keras
import numpy as np
import pytest
from tiny_training import make_batches
from tiny_training import make_encoded

from distill_tf.data.batches import TrainingBatches
from distill_tf.data.batches import evaluation_batches

LENGTHS = np.array([5, 3, 9, 4, 11, 3, 6, 10, 3, 7, 12, 3, 5])
LABELS = np.arange(13).astype(np.int32) - 1


def _batches(teacher=None, batch_size=4, **options):
    return TrainingBatches(
        make_encoded(LENGTHS), LABELS, batch_size, 1, teacher, **options
    )


def _epoch(batches, *arguments, **options):
    return [
        keras.tree.map_structure(np.asarray, batch)
        for batch in batches.epoch(*arguments, **options)
    ]


def _tokens(inputs, row):
    return inputs["token_ids"][row][inputs["padding_mask"][row]].tolist()


def test_an_epoch_holds_every_example_with_its_tokens_and_label():
    student, teacher = make_encoded(LENGTHS), make_encoded(LENGTHS + 2, seed=8)
    seen = []
    for x, y in _epoch(_batches(teacher), 0):
        assert x.keys() == {"student", "teacher", "example_ids"}
        for row, (index, label) in enumerate(zip(x["example_ids"], y, strict=True)):
            for name, encoded in (("student", student), ("teacher", teacher)):
                start, end = encoded.row_splits[index : index + 2]
                expected = encoded.token_ids[start:end].tolist()
                assert _tokens(x[name], row) == expected
            assert label == LABELS[index]
            seen.append(int(index))
    assert sorted(seen) == list(range(13))
    assert seen != sorted(seen)


class _Stored:
    """A teacher whose logits are the example's number, its states the tokens."""

    def batch(self, example_ids, inputs):
        return {"logits": example_ids[:, None], "hidden_states": (inputs["token_ids"],)}


@pytest.mark.parametrize("reads_otherwise", [False, True])
def test_stored_outputs_take_the_place_of_what_the_teacher_reads(reads_otherwise):
    student = make_encoded(LENGTHS)
    teacher = make_encoded(LENGTHS + 2, seed=8) if reads_otherwise else None
    batches = TrainingBatches(student, LABELS, 4, 1, teacher, _Stored())
    for x, _ in _epoch(batches, 0):
        assert x.keys() == {"student", "example_ids", "teacher_outputs"}
        outputs = x["teacher_outputs"]
        np.testing.assert_array_equal(outputs["logits"][:, 0], x["example_ids"])
        read = teacher or student
        for row, index in enumerate(x["example_ids"]):
            start, end = read.row_splits[index : index + 2]
            found = outputs["hidden_states"][0][row][: end - start]
            np.testing.assert_array_equal(found, read.token_ids[start:end])


def test_a_shared_encoding_is_given_once():
    ((x, _), *_) = _epoch(_batches(), 0)
    assert x.keys() == {"student", "example_ids"}
    dtypes = {name: array.dtype for name, array in x["student"].items()}
    assert dtypes == {"token_ids": "int32", "segment_ids": "int32", "padding_mask": "?"}


def test_rows_are_padded_to_an_even_length():
    widths = {x["student"]["token_ids"].shape[1] for x, _ in _epoch(_batches(), 0)}
    assert widths == {4, 6, 12}


@pytest.mark.parametrize("seen", [0, 1, 3, 4])
@pytest.mark.parametrize("tokens_per_batch", [0, 36])
def test_an_epoch_can_go_on_in_the_middle(seen, tokens_per_batch):
    batches = _batches(tokens_per_batch=tokens_per_batch)
    assert len(batches) == 4
    whole, rest = _epoch(batches, 5), _epoch(batches, 5, seen=seen)
    assert batches.epoch(5, seen=seen).cardinality() == len(rest) == 4 - seen
    for (x, y), (x_rest, y_rest) in zip(whole[seen:], rest, strict=True):
        keras.tree.map_structure(np.testing.assert_array_equal, x, x_rest)
        np.testing.assert_array_equal(y, y_rest)


def test_batches_by_tokens_hold_more_short_examples():
    seen = []
    for x, _ in _epoch(_batches(tokens_per_batch=40), 0):
        rows, width = x["student"]["token_ids"].shape
        assert rows * width <= 40
        seen += x["example_ids"].tolist()
    assert sorted(seen) == list(range(13))


def test_epochs_differ():
    batches = _batches()
    first, second = (
        [x["example_ids"].tolist() for x, _ in _epoch(batches, epoch)]
        for epoch in (0, 1)
    )
    assert first != second


def test_tokens_are_shared_if_each_row_is_the_same():
    student = make_encoded(LENGTHS)
    assert _batches().tokens_are_shared
    assert _batches(make_encoded(LENGTHS)).tokens_are_shared
    # Other lengths, and other tokens of the same lengths, in one row of all.
    longer = LENGTHS + (np.arange(13) == 12)
    other = student.token_ids.copy()
    other[-1] += 1
    assert not _batches(make_encoded(longer)).tokens_are_shared
    assert not _batches(replace(student, token_ids=other)).tokens_are_shared


def test_labels_keep_their_kind():
    for labels in (np.float32([0.5, np.nan, 3.25]), np.int32([2, -1, 0])):
        ((x, y),) = _epoch(make_batches(labels), 0)
        assert y.dtype == labels.dtype
        np.testing.assert_array_equal(y, labels[x["example_ids"]])


@pytest.mark.parametrize("count", [1, 13])
def test_the_first_batch_is_small(count):
    x, y = make_batches(LABELS[:count]).first()
    assert len(y) == len(x["student"]["token_ids"]) == min(2, count)


@pytest.mark.parametrize("batch_size", [1, 5, 13, 64])
def test_evaluation_gives_every_example_once(batch_size):
    encoded = make_encoded(LENGTHS)
    batches = list(evaluation_batches(encoded, batch_size))
    indices = list(itertools.chain.from_iterable(i.tolist() for i, _ in batches))
    assert sorted(indices) == list(range(13))
    for rows, inputs in batches:
        lengths = inputs["padding_mask"].sum(axis=1)
        np.testing.assert_array_equal(lengths, LENGTHS[rows])


@pytest.mark.parametrize("steps", [0, 3, 4, 9])
def test_the_amount_is_that_of_the_batches(steps):
    batches = _batches()
    seen = [batch for epoch in range(3) for batch in _epoch(batches, epoch)][:steps]
    examples = sum(len(y) for _, y in seen)
    tokens = sum(int(x["student"]["padding_mask"].sum()) for x, _ in seen)
    assert batches.amount(steps) == (examples, tokens)
