"""Runs in two precisions against the spread from seed to seed."""

import json

import pytest
from seed_spread import compare_precisions
from seed_spread import read_values

from distill_tf.errors import DistillError

FLOAT32 = {"1": 0.90, "2": 0.92, "3": 0.91}


def write_runs(folder, precision, values):
    for seed, value in values.items():
        run = folder / f"{precision}_{seed}"
        run.mkdir()
        (run / "results_eval.json").write_text(json.dumps({"accuracy": value}))


@pytest.mark.parametrize(("shift", "within"), [(0.009, True), (-0.011, False)])
def test_the_difference_is_held_against_the_deviation(tmp_path, shift, within):
    write_runs(tmp_path, "float32", FLOAT32)
    shifted = {seed: value + shift for seed, value in FLOAT32.items()}
    write_runs(tmp_path, "mixed_bfloat16", shifted)
    result = compare_precisions(read_values(tmp_path))
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
        read_values(tmp_path)
