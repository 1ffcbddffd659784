"""The table on the screen."""

from distill_tf.pipeline.report import print_report

COST = {
    "parameters": 14_350_248,
    "size_bytes": 57_400_992,
    "flops_per_example": 1_250_000_000,
    "latency_ms_p50": 12.345,
    "latency_ms_p90": 13.0,
    "examples_per_second": 218.6,
}


def printed(capsys, models) -> list[str]:
    print_report(models, title="the task")
    return capsys.readouterr().out.splitlines()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│┃").replace("┃", "│").split("│")]


def test_one_row_a_model_with_units(capsys):
    models = {
        "teacher": {"accuracy": 0.9, **COST},
        "student (kd)": {"accuracy": 0.81234, **COST, "parameters": 744},
    }
    lines = printed(capsys, models)
    assert lines[0].strip() == "the task"
    assert cells(lines[2])[:3] == ["model", "accuracy", "parameters"]
    assert cells(lines[4]) == [
        *("teacher", "0.9000", "14,350,248", "57.4 MB", "1.25 G", "12.35 ms", "219")
    ]
    assert cells(lines[5])[:3] == ["student (kd)", "0.8123", "744"]


def test_columns_are_the_metrics_of_every_dev_set(capsys):
    result = {
        "accuracy": 0.5,
        "f1": 0.25,
        "dev_mismatched": {"accuracy": 0.75, "f1": 0.125},
        "seed": 42,
        "stages": {"labels": {"best": 0.5}},
        **COST,
    }
    header, row = (cells(printed(capsys, {"m": result})[i]) for i in (2, 4))
    assert header[1:5] == [
        *("accuracy", "f1", "dev_mismatched accuracy", "dev_mismatched f1")
    ]
    assert row[1:5] == ["0.5000", "0.2500", "0.7500", "0.1250"]


def test_what_a_row_lacks_is_a_dash(capsys):
    stored = {"accuracy": 0.75, **COST}
    del stored["examples_per_second"]
    models = {"teacher": stored, "student": {"accuracy": 0.5, "f1": 0.25, **COST}}
    lines = printed(capsys, models)
    assert cells(lines[2])[1:4] == ["accuracy", "f1", "parameters"]
    teacher, student = cells(lines[4]), cells(lines[5])
    assert (teacher[1:3], teacher[-1]) == (["0.7500", "-"], "-")
    assert (student[1:3], student[-1]) == (["0.5000", "0.2500"], "219")


def test_a_narrow_terminal_cuts_nothing(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    lines = printed(capsys, {"a model of a long name": {"pearson": -0.5, **COST}})
    assert cells(lines[4])[:3] == ["a model of a long name", "-0.5000", "14,350,248"]
    assert not any("…" in line for line in lines)
