"""A result as bars: one panel a case, one bar a contestant."""

import math
from pathlib import Path
from typing import Any

_COLUMNS = 3
_OURS, _THEIRS = "tab:blue", "tab:gray"
_LIBRARIES = ("PyTorch", "Keras", "TensorFlow", "TextBrewer", "BlockLSTMV2")


def plot(result: dict[str, Any], path: Path) -> None:
    """Medians with their range, as a PNG; nothing without matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print(f"No plot {path.name}: matplotlib is not installed.")
        return
    cases = result["cases"]
    columns = min(_COLUMNS, len(cases))
    rows = math.ceil(len(cases) / columns)
    bars = max(len(case["contestants"]) for case in cases.values())
    figure = Figure(figsize=(8 * columns, (1.2 + 0.35 * bars) * rows))
    axes = figure.subplots(rows, columns, squeeze=False).flat
    for axis, (name, case) in zip(axes, cases.items(), strict=False):
        _panel(axis, case["contestants"])
        axis.set_title(name or result["what"], fontsize=10)
        axis.set_xlabel(result["unit"].replace("_", " "))
    for axis in list(axes)[len(cases) :]:
        axis.set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=100)


def _panel(axis, contestants: dict[str, dict[str, float]]) -> None:
    names = list(contestants)[::-1]  # The first one on top.
    medians = [contestants[name]["median"] for name in names]
    below = [contestants[name]["median"] - contestants[name]["min"] for name in names]
    above = [contestants[name]["max"] - contestants[name]["median"] for name in names]
    colours = [_THEIRS if name.startswith(_LIBRARIES) else _OURS for name in names]
    axis.barh(names, medians, xerr=[below, above], color=colours, capsize=2)
    axis.tick_params(labelsize=8)
