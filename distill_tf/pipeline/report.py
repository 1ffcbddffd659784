"""The result of a run as a table on the screen."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from distill_tf.tables import print_table
from distill_tf.tasks import METRIC_NAMES

_COST = (
    ("parameters", "{:,}", 1),
    ("size_bytes", "{:.1f} MB", 1e-6),
    ("flops_per_example", "{:.2f} G", 1e-9),
    ("latency_ms_p50", "{:.2f} ms", 1),
    ("examples_per_second", "{:.0f}", 1),
)


def print_report(models: dict[str, dict[str, Any]], title: str) -> None:
    """One row a model: quality, then cost; "-" where a row lacks what others have.

    Args:
        models: row heading -> the metrics and costs of `results_eval.json`.
        title: heading of the table.
    """
    table = Table(title=title)
    table.add_column("model")
    metrics = dict.fromkeys(
        metric for result in models.values() for metric in _flat_metrics(result)
    )
    for metric in metrics:
        table.add_column(metric, justify="right")
    for name, _, _ in _COST:
        table.add_column(name, justify="right")
    for heading, result in models.items():
        quality = _flat_metrics(result)
        table.add_row(
            heading,
            *(_cell(quality, metric, "{:.4f}") for metric in metrics),
            *(_cell(result, name, form, scale) for name, form, scale in _COST),
        )
    print_table(table, width=160)


def _cell(values: Mapping[str, Any], name: str, form: str, scale: float = 1) -> str:
    # A row that was stored before may lack what is measured today.
    return form.format(values[name] * scale) if name in values else "-"


def _flat_metrics(result: dict[str, Any]) -> dict[str, float]:
    """The metrics of all dev sets, those of further sets as "<set> <metric>"."""
    flat = {name: value for name, value in result.items() if name in METRIC_NAMES}
    for dev_set, values in result.items():
        if dev_set.startswith("dev_"):
            flat |= {f"{dev_set} {name}": value for name, value in values.items()}
    return flat
