"""Results as tables in a document."""

import json

import pytest
from tables import ceilings
from tables import with_tables

PLACE = "Before.\n<!-- benchmark: {} -->\n{}<!-- end -->\nAfter.\n"


def measured(flops=None, **contestants):
    return {
        name.replace("_", " "): {
            "median": median,
            "min": median - 2,
            "max": median + 3,
            "to_best_peer": ratio,
            **({} if flops is None else {"flops_per_unit": flops}),
        }
        for name, (median, ratio) in contestants.items()
    }


SINGLE = {
    "unit": "examples_per_second",
    "cases": {
        "": {
            "best_peer": "PyTorch float32",
            "contestants": measured(
                2e6, ours_bfloat16=(1500, 1.5), PyTorch_float32=(1000, 1.0)
            ),
        }
    },
    "peak_memory_megabytes": {"ours bfloat16": 123},
}
PRODUCTS = {
    "unit": "gigaflops_per_second",
    "cases": {
        case: {
            "best_peer": None,
            "contestants": measured(A_bfloat16=(fast, None), A_float32=(slow, None)),
        }
        for case, fast, slow in (("1 x 2", 30, 4.25), ("3 x 4", 20, 5), ("5 x 6", 9, 3))
    },
}


@pytest.fixture
def results(tmp_path):
    for name, result in (("speed", SINGLE), ("matrix_products", PRODUCTS)):
        (tmp_path / f"{name}.json").write_text(json.dumps(result))
    return tmp_path


@pytest.mark.parametrize("earlier", ["", "\n| old |\n\n"])
def test_one_case_is_a_row_a_contestant(results, earlier):
    assert with_tables(PLACE.format("speed", earlier), results) == PLACE.format(
        "speed",
        "\n"
        "|  | examples per second | times PyTorch float32 | of the ceiling "
        "| peak MB |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| ours bfloat16 | 1,500 (1,498 to 1,503) | 1.50 | 10% | 123 |\n"
        "| PyTorch float32 | 1,000 (998 to 1,003) | 1.00 | 40% |  |\n"
        "\n",
    )


def test_more_cases_than_contestants_go_downwards(results):
    text = with_tables(PLACE.format("matrix_products", ""), results)
    assert "| gigaflops per second | A bfloat16 | A float32 |\n" in text
    assert "| 1 x 2 | 30 (28 to 33) | 4.2 (2.2 to 7.2) |\n" in text


def test_several_cases_have_shares_and_memory(results):
    cases = {
        length: {"best_peer": None, "contestants": SINGLE["cases"][""]["contestants"]}
        for length in ("short", "long")
    }
    result = {**SINGLE, "cases": cases}
    (results / "several.json").write_text(json.dumps(result))
    text = with_tables(PLACE.format("several", ""), results)
    assert "| examples per second | short | long | peak MB |\n" in text
    ours = "1,500 (1,498 to 1,503) 10%"
    assert f"| ours bfloat16 | {ours} | {ours} | 123 |\n" in text


def test_the_ceiling_is_the_highest_rate_of_a_precision(results):
    assert ceilings(results) == {"bfloat16": 30e9, "float32": 5e9}


def test_what_lies_in_a_folder_has_its_own_ceiling(results):
    (results / "amx").mkdir()
    (results / "amx/speed.json").write_text(json.dumps(SINGLE))
    text = with_tables(PLACE.format("amx/speed", ""), results)
    assert "| ours bfloat16 | 1,500 (1,498 to 1,503) | 1.50 | 123 |\n" in text
    products = json.dumps(PRODUCTS).replace("30", "60")
    (results / "amx/matrix_products.json").write_text(products)
    text = with_tables(PLACE.format("amx/speed", ""), results)
    assert "| ours bfloat16 | 1,500 (1,498 to 1,503) | 1.50 | 5% | 123 |\n" in text


def test_without_a_ceiling_and_without_a_result(results):
    (results / "matrix_products.json").unlink()
    assert "ceiling" not in with_tables(PLACE.format("speed", ""), results)
    text = PLACE.format("matrix_products", "Not yet.\n")
    assert with_tables(text, results) == text
