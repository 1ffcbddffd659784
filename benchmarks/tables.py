"""Puts the kept results into the documents as tables.

    python benchmarks/tables.py

A document asks for a result with a line `<!-- benchmark: NAME -->`; what stands between
it and the line `<!-- end -->` is replaced by the table of docs/benchmarks/NAME.json.
NAME may be one in a folder: what was measured on another machine has its own ceiling.
"""

import json
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
PLACE = re.compile(
    r"(<!-- benchmark: (?P<name>[\w/]+) -->\n)(?P<table>.*?)(<!-- end -->)", re.DOTALL
)


def with_tables(text: str, results: Path) -> str:
    """The document with the tables of all results that are there."""

    def replace(match: re.Match) -> str:
        path = results / f"{match['name']}.json"
        if not path.exists():
            return match[0]
        result = json.loads(path.read_text("utf-8"))
        highest = ceilings(path.parent)
        return match[1] + "\n" + table(result, highest) + "\n" + match[4]

    return PLACE.sub(replace, text)


def ceilings(results: Path) -> dict[str, float]:
    """The highest rate of a matrix product that was measured, FLOP/s by precision."""
    path = results / "matrix_products.json"
    if not path.exists():
        return {}
    highest = {}
    for case in json.loads(path.read_text("utf-8"))["cases"].values():
        for name, each in case["contestants"].items():
            precision = _precision(name)
            highest[precision] = max(highest.get(precision, 0), 1e9 * each["median"])
    return highest


def table(result: dict[str, Any], highest: dict[str, float]) -> str:
    """One case: a row a contestant, with ratios. Several: the longer list downwards."""
    if "rows" in result:
        return _rows(result["rows"])
    if "profiles" in result:
        return _profiles(result["profiles"], highest)
    if list(result["cases"]) == [""]:
        return _single(result, highest)
    cells = {
        (case, name): f"{_range(each)} {_share(name, each, highest)}".rstrip()
        for case, measured in result["cases"].items()
        for name, each in measured["contestants"].items()
    }
    cases = list(result["cases"])
    names = list(dict.fromkeys(name for _, name in cells))
    unit = result["unit"].replace("_", " ")
    if len(cases) > len(names):
        rows = [[case, *(cells.get((case, n), "") for n in names)] for case in cases]
        return _markdown([unit, *names], rows)
    memory = result.get("peak_memory_megabytes", {})
    rows = [
        [name, *(cells.get((c, name), "") for c in cases), str(memory.get(name, ""))]
        for name in names
    ]
    return _without_empty_columns([unit, *cases, "peak MB"], rows)


def _single(result: dict[str, Any], highest: dict[str, float]) -> str:
    case = result["cases"][""]
    memory = result.get("peak_memory_megabytes", {})
    rows = []
    for name, each in case["contestants"].items():
        ratio = each.get("to_best_peer")
        rows.append(
            [
                name,
                _range(each),
                "" if ratio is None else f"{ratio:.2f}",
                _share(name, each, highest),
                str(memory.get(name, "")),
            ]
        )
    unit = result["unit"].replace("_", " ")
    header = ["", unit, f"times {case['best_peer']}", "of the ceiling", "peak MB"]
    return _without_empty_columns(header, rows)


def _rows(rows: list[dict[str, int]]) -> str:
    """As they stand, a column a key."""
    return _markdown(
        [name.replace("_", " ") for name in rows[0]],
        [[f"{value:,}" for value in row.values()] for row in rows],
    )


def _profiles(profiles: dict[str, Any], highest: dict[str, float]) -> str:
    """A row a kind of operation, a column a workload, with its share of the whole."""

    def row(name: str, values: list[float | None]) -> list[str]:
        walls = [each["wall"] for each in profiles.values()]
        return [
            name,
            *(
                "" if value is None else f"{value:,.0f} ({value / wall:.0%})"
                for value, wall in zip(values, walls, strict=True)
            ),
        ]

    operations = [each["operations"] for each in profiles.values()]
    rows = [row(kind, [each[kind] for each in operations]) for kind in operations[0]]
    rows.sort(key=lambda cells: -float(cells[1].split()[0].replace(",", "")))
    between = [e["wall"] - sum(e["operations"].values()) for e in profiles.values()]
    limits = []
    for each in profiles.values():
        limit = highest.get(_precision(each["contestant"]))
        flops = each["flops_per_example"]
        limits.append(1e6 * flops / limit if limit and flops else None)
    return _markdown(
        ["microseconds an example", *(name.replace("_", " ") for name in profiles)],
        [
            *rows,
            row("compiled GELU, and between operations", between),
            row("in all", [each["wall"] for each in profiles.values()]),
            row("the products at the ceiling's rate", limits),
        ],
    )


def _share(name: str, each: dict[str, float], highest: dict[str, float]) -> str:
    """Of the ceiling in the contestant's precision; "" where that is not known."""
    limit = highest.get(_precision(name))
    if not limit or "flops_per_unit" not in each:
        return ""
    return f"{each['flops_per_unit'] * each['median'] / limit:.0%}"


def _precision(name: str) -> str:
    return name.rsplit(" ", 1)[-1]


def _range(each: dict[str, float]) -> str:
    return " ".join(
        [_number(each["median"]), f"({_number(each['min'])} to {_number(each['max'])})"]
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _without_empty_columns(header: list[str], rows: list[list[str]]) -> str:
    kept = [i for i in range(len(header)) if any(row[i] for row in rows)]
    return _markdown(
        [header[i] for i in kept], [[row[i] for i in kept] for row in rows]
    )


def _markdown(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text("utf-8")
        updated = with_tables(text, DOCS / "benchmarks")
        if updated != text:
            path.write_text(updated, "utf-8")
            print(f"{path.relative_to(DOCS.parent)} is brought up to date.")


if __name__ == "__main__":
    main()
