"""Layer maps: the papers' tables, properties at every depth, and refused specs."""

import itertools

import pytest

from distill_tf.errors import DistillError
from distill_tf.methods.layer_maps import STRATEGIES
from distill_tf.methods.layer_maps import attention_map
from distill_tf.methods.layer_maps import hidden_state_map
from distill_tf.objectives.layer_pairs import spec_of

DEPTHS = list(itertools.product(range(1, 14), repeat=2))


def _teachers(layer_map):
    return [teacher for _, teacher in layer_map]


@pytest.mark.parametrize(
    ("strategy", "student_layers", "teacher_layers", "teachers"),
    [
        ("uniform", 4, 12, [0, 3, 6, 9, 12]),
        ("uniform", 6, 12, [0, 2, 4, 6, 8, 10, 12]),
        # 1.5 and 4.5 both round up
        ("uniform", 4, 6, [0, 2, 3, 5, 6]),
        ("uniform", 5, 12, [0, 2, 5, 7, 10, 12]),
        ("uniform", 4, 2, [0, 1, 1, 2, 2]),
        ("last", 6, 12, [0, 7, 8, 9, 10, 11, 12]),
        ("last", 4, 6, [0, 3, 4, 5, 6]),
        ("last", 5, 12, [0, 8, 9, 10, 11, 12]),
        ("skip", 6, 12, [0, 2, 4, 6, 8, 10, 12]),
        ("skip", 3, 12, [0, 4, 8, 12]),
        ("skip", 4, 6, [0, 3, 4, 5, 6]),
        ("skip", 5, 12, [0, 4, 6, 8, 10, 12]),
    ],
)
def test_strategies(strategy, student_layers, teacher_layers, teachers):
    layer_map = hidden_state_map(strategy, student_layers, teacher_layers)
    assert layer_map == tuple(enumerate(teachers))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_depth_hits_both_ends_in_order(strategy):
    for m, n in DEPTHS:
        if m > n and strategy != "uniform":
            continue
        layer_map = hidden_state_map(strategy, m, n)
        teachers = _teachers(layer_map)
        assert [student for student, _ in layer_map] == list(range(m + 1))
        assert (teachers[0], teachers[-1]) == (0, n)
        steps = [b - a for a, b in itertools.pairwise(teachers)]
        assert min(steps) >= (1 if m <= n else 0)
        attention = attention_map(layer_map)
        assert attention[-1] == (m - 1, n - 1)
        assert all(0 <= s < m and 0 <= t < n for s, t in attention)
        assert len(attention) == m or m > n


def test_uniform_is_tinyberts_where_the_depths_divide():
    for m, n in DEPTHS:
        if n % m:
            continue
        k = n // m
        hidden_states = hidden_state_map("uniform", m, n)
        assert _teachers(hidden_states) == [k * i for i in range(m + 1)]
        assert _teachers(attention_map(hidden_states)) == [
            k * i + k - 1 for i in range(m)
        ]
        assert hidden_state_map("skip", m, n) == hidden_states


def test_skip_keeps_one_stride_above_its_first_layer():
    for m, n in DEPTHS:
        if m > n:
            continue
        above_embeddings = _teachers(hidden_state_map("skip", m, n))[1:]
        steps = [b - a for a, b in itertools.pairwise(above_embeddings)]
        assert steps == [n // m] * (m - 1)


@pytest.mark.parametrize(
    ("spec", "hidden_states", "attention"),
    [
        (
            "0:0,1:2,2:3,3:5,4:6",
            ((0, 0), (1, 2), (2, 3), (3, 5), (4, 6)),
            ((0, 1), (1, 2), (2, 4), (3, 5)),
        ),
        (
            "2,3,5,6",
            ((0, 0), (1, 2), (2, 3), (3, 5), (4, 6)),
            ((0, 1), (1, 2), (2, 4), (3, 5)),
        ),
        (" 4:6, 2:1 ", ((2, 1), (4, 6)), ((1, 0), (3, 5))),
        # What touches the embeddings has no attention.
        ("0:3,1:0,4:6", ((0, 3), (1, 0), (4, 6)), ((3, 5),)),
    ],
)
def test_explicit_maps(spec, hidden_states, attention):
    assert hidden_state_map(spec, 4, 6) == hidden_states
    assert attention_map(hidden_states) == attention


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("2,3,5", "lists 3 teacher layers for a student of 4 layers: list exactly 4"),
        ("2,3,5,6,6", "lists 5 teacher layers for a student of 4"),
        ("2,3,5,7", "state 7 of the teacher, which has 6 layers: use 0 .* to 6"),
        ("5:6", "state 5 of the student, which has 4 layers: use 0 .* to 4"),
        ("1:2,1:3", "pairs hidden state 1 of the student twice"),
        ("middle", "uniform, last, skip, .*but got 'middle'"),
        ("2,,5,6", "but got '2,,5,6'"),
        ("1:2,3", "but got '1:2,3'"),
        ("-1,3,5,6", "but got '-1,3,5,6'"),
        ("", "but got ''"),
    ],
)
def test_wrong_maps_are_refused(spec, message):
    with pytest.raises(DistillError, match=message):
        hidden_state_map(spec, student_layers=4, teacher_layers=6)


@pytest.mark.parametrize("strategy", ["last", "skip"])
def test_a_deeper_student_needs_uniform_or_an_explicit_map(strategy):
    with pytest.raises(DistillError, match="6 layers and the teacher 4: use 'uniform'"):
        hidden_state_map(strategy, student_layers=6, teacher_layers=4)


def test_a_map_can_be_given_back_as_it_is_described():
    layer_map = hidden_state_map("uniform", 4, 6)
    assert spec_of(layer_map) == "0:0,1:2,2:3,3:5,4:6"
    assert hidden_state_map(spec_of(layer_map), 4, 6) == layer_map
    assert spec_of(attention_map(layer_map)) == "0:1,1:2,2:4,3:5"
    assert attention_map(((0, 0),)) == ()
