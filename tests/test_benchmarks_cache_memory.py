"""What is measured of the memory that writing a teacher's outputs takes."""

import json

import pytest
from cache_memory import measure
from settings import SMOKE
from tables import with_tables


@pytest.mark.slow
def test_a_row_an_amount_of_text(tmp_path):
    result = measure(SMOKE, (5, 40))
    few, many = result["rows"]
    assert (few["examples"], many["examples"]) == (5, 40)
    assert min(few["peak_megabytes"], many["peak_megabytes"]) > 100
    (tmp_path / "cache_memory.json").write_text(json.dumps(result), "utf-8")
    text = with_tables("<!-- benchmark: cache_memory -->\n<!-- end -->\n", tmp_path)
    assert "| examples | megabytes on disk | peak megabytes |\n" in text
    assert f"| 40 | 0 | {many['peak_megabytes']:,} |\n" in text
