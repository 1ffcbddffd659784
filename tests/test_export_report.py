"""The table of exports."""

from distill_tf.export.report import print_report

ENTRY = {
    "format": "litert",
    "variant": "int8",
    "files": ["a", "b", "c"],
    "size_bytes": 4_560_000,
    "max_logit_difference": 0.0123,
    "tolerance": 0.01,
    "is_within_tolerance": False,
    "agreement": 0.988,
    "accuracy": 0.875,
    "latency_ms_p50": 2.345,
    "latency_ms_p90": 3.0,
}


def report(**changes):
    return {
        "texts": {"source": "the dev set of sst-2", "count": 256},
        "keras": {"accuracy": 0.9123, "latency_ms_p50": 7.0, "latency_ms_p90": 8.0},
        "exports": [{**ENTRY, **changes}],
    }


def rows(capsys, **changes):
    print_report(report(**changes), title="folder")
    lines = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines]
    return [row for row in cells if row], " ".join(lines)


def test_a_row_an_export_beside_the_keras_model(capsys):
    (keras, litert), page = rows(capsys)
    assert keras == ["keras", "", "", "", "", "", "0.9123", "7.00 ms"]
    assert litert == [
        *("litert int8", "3", "4.56 MB", "1.2e-02 !", "1e-02", "98.8%"),
        *("0.8750", "2.35 ms"),
    ]
    assert "256 of the dev set of sst-2" in page


def test_a_difference_within_the_tolerance_is_not_marked(capsys):
    (_, row), _ = rows(capsys, variant="", is_within_tolerance=True, agreement=None)
    assert row[0] == "litert"
    assert row[3] == "1.2e-02"
    assert row[5] == ""
