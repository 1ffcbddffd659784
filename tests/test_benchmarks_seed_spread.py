"""Two ways of training against the spread from seed to seed."""

import json

import pytest
from seed_spread import compare_ways
from seed_spread import read_values

from distill_tf.errors import DistillError

WAYS = ("float32", "mixed_bfloat16")
FLOAT32 = {"1": 0.90, "2": 0.92, "3": 0.91}


def write_runs(folder, way, values):
    for seed, value in values.items():
        run = folder / f"{way}_{seed}"
        run.mkdir()
        (run / "results_eval.json").write_text(json.dumps({"accuracy": value}))


@pytest.mark.parametrize(("shift", "within"), [(0.009, True), (-0.011, False)])
def test_the_difference_is_held_against_the_deviation(tmp_path, shift, within):
    write_runs(tmp_path, "float32", FLOAT32)
    shifted = {seed: value + shift for seed, value in FLOAT32.items()}
    write_runs(tmp_path, "mixed_bfloat16", shifted)
    result = compare_ways(read_values(tmp_path, WAYS))
    assert result["difference_of_means"] == pytest.approx(shift)
    assert result["float32"]["standard_deviation"] == pytest.approx(0.01)
    assert result["within_seed_spread"] is within


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"1": 0.9}, "1 finished runs mixed"),
        ({"1": 0.9, "4": 0.9}, "seeds 2, 3, 4"),
    ],
)
def test_missing_runs_are_said(tmp_path, others, message):
    write_runs(tmp_path, "float32", FLOAT32)
    write_runs(tmp_path, "mixed_bfloat16", others)
    with pytest.raises(DistillError, match=message):
        read_values(tmp_path, WAYS)


def test_a_way_whose_name_begins_as_another_is_not_taken_for_it(tmp_path):
    values = {"lazy": {"1": 0.8, "2": 0.9}, "lazy_parts": {"1": 0.6, "2": 0.7}}
    for way, by_seed in values.items():
        write_runs(tmp_path, way, by_seed)
    assert read_values(tmp_path, tuple(values)) == values


def test_two_ways_of_one_name_are_refused(tmp_path):
    with pytest.raises(DistillError, match="two ways of different names"):
        read_values(tmp_path, ("lazy", "lazy"))
