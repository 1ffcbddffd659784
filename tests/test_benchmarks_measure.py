"""The benchmark runs, with tiny models: our part of it, and all of it where asked."""

import dataclasses
import json

import measure
import numpy as np
import pytest
from batches import make_batches
from batches import make_texts
from contestants.undone import UNDONE
from settings import SMOKE
from settings import Settings
from workloads import WORKLOADS
from workloads import workloads_in
from workloads.workload import FLOAT32

from distill_tf.errors import DistillError

PRECISION_OPTIONS = "precision", "bfloat16", "dtype"


def results_of(names, folder, **options):
    measure.measure(names, SMOKE, folder, in_process=True, **options)
    return [json.loads((folder / f"{name}.json").read_text()) for name in names]


@pytest.mark.parametrize(
    ("name", "contestants"),
    [
        ("matrix_products", {"TensorFlow bfloat16", "TensorFlow float32"}),
        ("fine_tuning", {"distill_tf, 512 tokens a batch, bfloat16"}),
        ("scoring", {"distill_tf, col, bfloat16"}),
        ("bilstm", {"distill_tf, lazy embeddings, float32"}),
        ("lstm_layer", {"distill_tf float32"}),
        ("inference", {"distill_tf float32"}),
    ],
)
def test_our_part_runs(tmp_path, monkeypatch, name, contestants):
    workload = WORKLOADS[name]
    ours = {n: workload.contestants[n] for n in contestants}
    assert not any(contestant.is_peer for contestant in ours.values())
    monkeypatch.setitem(
        WORKLOADS, name, dataclasses.replace(workload, contestants=ours)
    )
    (result,) = results_of([name], tmp_path)
    assert result["workload"] == name
    assert set(result["cases"]) == set(workload.cases(SMOKE))
    for case in result["cases"].values():
        assert set(case["contestants"]) == contestants
        for each in case["contestants"].values():
            assert 0 < each["min"] <= each["median"] <= each["max"]


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKLOADS)
def test_all_runs(tmp_path, name):
    (result,) = results_of([name], tmp_path)
    missing = {n for n, c in WORKLOADS[name].contestants.items() if c.missing()}
    for contestant, reason in result["left_out"].items():
        assert contestant in missing or "process of its own" in reason
    for case in result["cases"].values():
        taking_part = WORKLOADS[name].contestants.keys() - result["left_out"].keys()
        assert set(case["contestants"]) == taking_part


def test_all_that_can_be_undone_is_measured():
    options = [each.options for each in WORKLOADS["undone"].contestants.values()]
    assert {each["undone"] for each in options if "undone" in each} == set(UNDONE)


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_processor_without_bfloat16_gets_everything_in_float32(name):
    workload, mixed = workloads_in(FLOAT32)[name], WORKLOADS[name]
    assert all(contestant.endswith("float32") for contestant in workload.contestants)
    without = {contestant.rsplit(" ", 1)[0] for contestant in mixed.contestants}
    assert {c.rsplit(" ", 1)[0] for c in workload.contestants} == without
    for contestant in workload.contestants.values():
        chosen = {contestant.options.get(option) for option in PRECISION_OPTIONS}
        assert chosen <= {None, False, "float32"}
    assert set(workload.beside) <= workload.contestants.keys()
    for case in workload.cases(SMOKE).values():
        assert all(name.endswith("float32") for name in case.flops_of)


def test_float32_alone_is_measured(tmp_path):
    ours = {"leave_out": ("KerasHub", "PyTorch"), "precision": FLOAT32}
    (result,) = results_of(["bert_base"], tmp_path, **ours)
    for case in result["cases"].values():
        assert list(case["contestants"]) == ["distill_tf float32"]


@pytest.mark.slow
def test_what_needs_a_process_of_its_own_runs(tmp_path):
    measure.measure(["undone"], SMOKE, tmp_path)
    result = json.loads((tmp_path / "undone.json").read_text())
    assert not result["left_out"]
    (case,) = result["cases"].values()
    assert case["contestants"].keys() == WORKLOADS["undone"].contestants.keys()


def test_who_takes_no_part_is_said(tmp_path):
    leave_out = "float32", "PyTorch"
    (result,) = results_of(["matrix_products"], tmp_path, leave_out=leave_out)
    assert result["left_out"] == dict.fromkeys(
        ("TensorFlow float32", "PyTorch float32", "PyTorch bfloat16"), "not asked for"
    )
    for case in result["cases"].values():
        assert list(case["contestants"]) == ["TensorFlow bfloat16"]


def test_somebody_has_to_take_part(tmp_path):
    folder = tmp_path / "new"
    with pytest.raises(DistillError, match="bfloat16,float32 leaves no .* in bilstm;"):
        measure.measure(["bilstm"], SMOKE, folder, leave_out=("bfloat16", "float32"))
    assert not folder.exists()


def test_an_unknown_workload_is_said(tmp_path):
    with pytest.raises(DistillError, match="no workload 'sleeping'; choose from"):
        measure.measure(["sleeping"], SMOKE, tmp_path)


def test_texts_are_as_long_as_sst2s():
    lengths = make_texts(Settings(examples=20_000)).lengths
    assert 12.5 < lengths.mean() < 14.5
    assert (lengths.min(), lengths.max()) == (3, 66)


def test_batches_hold_the_texts():
    texts, batches = make_texts(SMOKE), make_batches(SMOKE)
    rows = [
        row[mask].tolist()
        for batch in batches
        for row, mask in zip(batch.token_ids, batch.mask, strict=True)
    ]
    expected = np.split(texts.token_ids, texts.row_splits[1:-1])
    assert sorted(rows) == sorted(row.tolist() for row in expected)


def test_batches_are_the_same_however_they_are_padded():
    batches = make_batches(SMOKE)
    in_eights = make_batches(SMOKE, "steps of eight")
    whole = make_batches(SMOKE, "maximum length")
    assert {b.mask.shape[1] for b in whole} == {SMOKE.max_seq_length}
    for short, eights, longest in zip(batches, in_eights, whole, strict=True):
        assert eights.mask.shape[1] == -(-short.mask.sum(1).max() // 8) * 8
        for other in (eights, longest):
            np.testing.assert_array_equal(other.mask.sum(1), short.mask.sum(1))
            np.testing.assert_array_equal(other.labels, short.labels)
