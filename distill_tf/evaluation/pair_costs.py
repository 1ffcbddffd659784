"""What a pair costs a cross-encoder, and two towers with kept documents or without."""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from absl import logging
from rich.table import Table

from distill_tf.config.flops import ALL
from distill_tf.config.flops import CROSS_ENCODER
from distill_tf.config.flops import FlopsConfig
from distill_tf.data.padding import Inputs
from distill_tf.evaluation.cost import BYTES_A_WEIGHT
from distill_tf.evaluation.cost import dummy_inputs
from distill_tf.evaluation.cost import measure_latency
from distill_tf.evaluation.profiler import profiled_flops
from distill_tf.files import check_writable
from distill_tf.files import write_json_atomically
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.models.interaction_names import INTERACTION_NAMES
from distill_tf.models.two_tower import TwoTowerClassifier
from distill_tf.models.two_tower_config import TwoTowerConfig
from distill_tf.tables import print_table
from distill_tf.threads import set_threads

_VOCABULARY = 30522  # Of the published uncased BERTs; no operation depends on it.


@dataclass(frozen=True)
class ForwardPass:
    """One way to judge a pair.

    Attributes:
        model: its name.
        documents: "cached" if the second text was encoded before, else "read".
        parameters: of the whole model.
        flops: of one pair by formula, twice the multiply-adds of the matrix products.
        function: gives logits.
        arguments: of one pair.
    """

    model: str
    documents: str
    parameters: int
    flops: int
    function: Callable
    arguments: tuple


def report_pair_costs(config: FlopsConfig) -> list[dict[str, Any]]:
    """Measures what the configuration names, prints a table, writes the JSON.

    Returns:
        One entry a row of the table. `flops_by_formula` and `flops_by_profiler` are of
        one pair; `latency_ms_*` of `latency_pairs` pairs.
    """
    if config.output:
        check_writable(Path(config.output).parent, "output")
    set_threads(config.num_threads, 0)
    names = (CROSS_ENCODER, *INTERACTION_NAMES)
    chosen = names if config.model_type == ALL else (config.model_type,)
    entries = []
    for name in chosen:
        for forward in _forward_passes(name, config):
            logging.info("%s, documents %s", forward.model, forward.documents)
            entries.append(_measure(forward, config))
    if config.output:
        write_json_atomically(
            config.output, {"config": config.to_dict(), "models": entries}
        )
    _print(entries, config)
    return entries


def _forward_passes(name: str, config: FlopsConfig) -> Iterator[ForwardPass]:
    first, second = config.max_seq_length_query, config.max_seq_length_doc
    joined = first + second - 1  # Both read the [CLS] and [SEP] of the first text.
    bert = BertConfig(
        vocab_size=_VOCABULARY,
        num_hidden_layers=config.num_hidden_layers,
        hidden_size=config.hidden_size,
        num_attention_heads=config.num_attention_heads,
        intermediate_size=config.intermediate_size,
        max_position_embeddings=max(512, joined),
    )
    if name == CROSS_ENCODER:
        model = BertClassifier(bert, config.num_classes, pooling_strategy="mean")
        yield ForwardPass(
            name,
            "read",
            model.num_parameters,
            model.flops(joined),
            lambda inputs: model(inputs, training=False),
            (dummy_inputs(joined),),
        )
        return
    towers = TwoTowerClassifier(
        TwoTowerConfig(
            bert=bert, interaction=name, residual_head=name == "late_fusion"
        ),
        config.num_classes,
    )
    query, document = dummy_inputs(first), dummy_inputs(second)
    yield ForwardPass(
        name,
        "read",
        towers.num_parameters,
        towers.flops(first, second),
        lambda inputs: towers(inputs, training=False),
        ({"first": query, "second": document},),
    )
    yield ForwardPass(
        name,
        "cached",
        towers.num_parameters,
        towers.flops(first, second, is_cached=True),
        lambda inputs, kept: towers.interact(towers.encode(inputs, "first"), kept),
        (query, towers.encode(document, "second")),
    )


def _measure(forward: ForwardPass, config: FlopsConfig) -> dict[str, Any]:
    entry = {
        "model": forward.model,
        "documents": forward.documents,
        "parameters": forward.parameters,
        "size_bytes": BYTES_A_WEIGHT * forward.parameters,
        "flops_by_formula": forward.flops,
        "flops_by_profiler": profiled_flops(forward.function, *forward.arguments),
    }
    if config.latency:
        function = tf.function(forward.function)
        arguments = _repeat(forward.arguments, config.batch_size)
        latency = measure_latency(lambda: function(*arguments).numpy())
        entry |= {
            **{f"latency_{name}": round(ms, 3) for name, ms in asdict(latency).items()},
            "latency_pairs": config.batch_size,
            "pairs_per_second": round(1000 * config.batch_size / latency.ms_p50, 1),
        }
    return entry


def _repeat(arguments: tuple[Inputs, ...], times: int) -> tuple:
    return keras.tree.map_structure(
        lambda array: tf.constant(np.repeat(array, times, axis=0)), arguments
    )


def _print(entries: list[dict[str, Any]], config: FlopsConfig) -> None:
    first, second = config.max_seq_length_query, config.max_seq_length_doc
    table = Table(
        title=f"One pair, towers of {first} and {second} tokens",
        caption="A multiply-add is two operations. The formula has the matrix "
        "products, the profiler also what is done element by element.",
    )
    for heading in ("model", "documents"):
        table.add_column(heading)
    headings = ["parameters", "MB", "by formula", "by profiler", "difference"]
    if config.latency:
        headings += [f"ms p50, {config.batch_size} a call", "ms p90", "pairs/s"]
    for heading in headings:
        table.add_column(heading, justify="right")
    for entry in entries:
        formula, profiler = entry["flops_by_formula"], entry["flops_by_profiler"]
        cells = [
            f"{entry['parameters']:,}",
            f"{entry['size_bytes'] / 1e6:.1f}",
            f"{formula / 1e9:.3f} G",
            f"{profiler / 1e9:.3f} G",
            f"{profiler / formula - 1:+.2%}",
        ]
        if config.latency:
            cells += [f"{entry[f'latency_ms_{p}']:.2f}" for p in ("p50", "p90")]
            cells.append(f"{entry['pairs_per_second']:,.1f}")
        table.add_row(entry["model"], entry["documents"], *cells)
    print_table(table, width=120)
