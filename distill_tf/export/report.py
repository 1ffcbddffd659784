"""The exports of a model as a table on the screen."""

from typing import Any

from rich.table import Table

from distill_tf.tables import print_table
from distill_tf.tasks import METRIC_NAMES


def print_report(report: dict[str, Any], title: str) -> None:
    """One row an export, after one for the Keras model.

    Args:
        report: what export_report.json holds.
        title: heading of the table.
    """
    texts, keras = report["texts"], report["keras"]
    metrics = [name for name in keras if name in METRIC_NAMES]
    table = Table(
        title=title,
        caption=f"Compared on {texts['count']} of {texts['source']}; latency of one "
        "text on one thread.",
    )
    table.add_column("format")
    for heading in (
        *("files", "size", "max difference", "tolerance", "same label"),
        *metrics,
        "latency",
    ):
        table.add_column(heading, justify="right")
    table.add_row("keras", *[""] * 5, *_measured(keras, metrics))
    for entry in report["exports"]:
        agreement = entry["agreement"]
        table.add_row(
            f"{entry['format']} {entry['variant']}".strip(),
            str(len(entry["files"])),
            f"{entry['size_bytes'] / 1e6:.2f} MB",
            f"{entry['max_logit_difference']:.1e}"
            + ("" if entry["is_within_tolerance"] else " !"),
            f"{entry['tolerance']:.0e}",
            "" if agreement is None else f"{agreement:.1%}",
            *_measured(entry, metrics),
        )
    print_table(table, width=140)


def _measured(entry: dict[str, Any], metrics: list[str]) -> list[str]:
    return [
        *(f"{entry[metric]:.4f}" for metric in metrics),
        f"{entry['latency_ms_p50']:.2f} ms",
    ]
