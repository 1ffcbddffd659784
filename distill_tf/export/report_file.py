"""The file that says how good the exports of a folder are, whenever they were made."""

import json
from pathlib import Path
from typing import Any

from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically

REPORT_FILE = "export_report.json"


def read_entries(folder: Path) -> list[dict[str, Any]]:
    """What the folder's report says of the exports that are still there.

    Each entry has the `texts` that it was compared on.

    Raises:
        DistillError: If there is a report that cannot be read.
    """
    path = folder / REPORT_FILE
    if not path.exists():
        return []
    try:
        report = json.loads(path.read_text("utf-8"))
        entries = [{"texts": report["texts"], **each} for each in report["exports"]]
        return [each for each in entries if (folder / each["format"]).is_dir()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DistillError(
            f"{path} should be the report of earlier exports, but cannot be read "
            f"({error}); remove the file, or choose another output_dir."
        ) from error


def write_report(
    folder: Path, report: dict[str, Any], earlier: list[dict[str, Any]]
) -> dict[str, Any]:
    """Writes the report, and gives it, with the earlier entries of other formats.

    Args:
        folder: of the exports.
        report: on what was exported now.
        earlier: what `read_entries` gave.
    """
    formats = {entry["format"] for entry in report["exports"]}
    others = [entry for entry in earlier if entry["format"] not in formats]
    report = {**report, "exports": [*others, *report["exports"]]}
    write_json_atomically(folder / REPORT_FILE, report)
    return report
