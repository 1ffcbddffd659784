"""Operations of a pair by formula and by profiler, and the command's table."""

import json

import pytest
import tensorflow as tf

from distill_tf.config.distill import TOWER_TYPES
from distill_tf.config.flops import FlopsConfig
from distill_tf.errors import DistillError
from distill_tf.evaluation import pair_costs
from distill_tf.evaluation.pair_costs import report_pair_costs
from distill_tf.evaluation.profiler import profiled_flops

# Wide, since what the formula leaves out is in proportion to 1 / width.
SIZES = {
    "num_hidden_layers": 2,
    "hidden_size": 384,
    "num_attention_heads": 6,
    "intermediate_size": 1536,
}


def test_the_profiler_counts_a_multiply_add_twice():
    rows, columns = tf.zeros((3, 5)), tf.zeros((5, 7))
    assert profiled_flops(tf.matmul, rows, columns) == 2 * 3 * 5 * 7


def test_formula_and_profiler_agree_for_every_model():
    config = FlopsConfig(
        max_seq_length_query=21, max_seq_length_doc=34, latency=False, **SIZES
    )
    entries = report_pair_costs(config)
    assert [(entry["model"], entry["documents"]) for entry in entries] == [
        ("cross_encoder", "read"),
        *(
            (name, documents)
            for name in TOWER_TYPES
            for documents in ("read", "cached")
        ),
    ]
    for entry in entries:
        formula, profiler = entry["flops_by_formula"], entry["flops_by_profiler"]
        assert profiler == pytest.approx(formula, rel=0.02), entry
    flops = {(e["model"], e["documents"]): e["flops_by_formula"] for e in entries}
    for (name, documents), cached in flops.items():
        if documents == "cached":
            # A query of 21 tokens is less than half of the pair.
            assert cached < 0.75 * flops[name, "read"]


def test_a_place_that_cannot_be_written_is_found_before_measuring(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(pair_costs, "_forward_passes", None)
    (tmp_path / "file").touch()
    config = FlopsConfig(output=str(tmp_path / "file" / "costs.json"))
    with pytest.raises(DistillError, match="output should be a folder, but .* a file"):
        report_pair_costs(config)


def test_the_table_and_the_file_hold_the_latency(tmp_path, capsys):
    output = tmp_path / "costs.json"
    config = FlopsConfig(
        model_type="sbert",
        max_seq_length_query=5,
        max_seq_length_doc=7,
        batch_size=3,
        output=str(output),
        **{**SIZES, "hidden_size": 12, "intermediate_size": 20},
    )
    entries = report_pair_costs(config)
    assert json.loads(output.read_text("utf-8")) == {
        "config": config.to_dict(),
        "models": entries,
    }
    for entry in entries:
        assert 0 < entry["latency_ms_p50"] <= entry["latency_ms_p90"]
        assert entry["latency_pairs"] == 3
    assert "ms p50, 3 a call" in capsys.readouterr().out
