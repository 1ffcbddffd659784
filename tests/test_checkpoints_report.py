"""How a report of mapped and unmapped names prints."""

import pytest

from distill_tf.checkpoints.report import MappingReport
from distill_tf.checkpoints.report import Misshapen


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (
            MappingReport("here", mapped=("a", "b")),
            "here: 2 mapped, 0 unused, 0 missing",
        ),
        (
            MappingReport(
                "here",
                mapped=("a",),
                unused=("a/adam_m", "a/adam_v", "global_step", "cls/x", "cls/y"),
            ),
            "here: 1 mapped, 5 unused (Adam slots, global_step, cls/...), 0 missing",
        ),
        (
            MappingReport(
                "here",
                mapped=(),
                missing=("output_bias",),
                misshapen=(Misshapen("a", (2, 3), (3, 2)),),
            ),
            "here: 0 mapped, 0 unused, 1 missing (output_bias), "
            "1 misshapen (a is [3, 2], expected [2, 3])",
        ),
        (
            MappingReport("here", mapped=(), unused=tuple("abcdefghijk")),
            "here: 0 mapped, 11 unused (a, b, c, d, e, f, g, h and 3 more), 0 missing",
        ),
        (
            MappingReport("here", mapped=("a",), unread_config_keys=("x", "y")),
            "here: 1 mapped, 0 unused, 0 missing, 2 settings unread (x, y)",
        ),
    ],
    ids=["all mapped", "grouped", "misshapen", "shortened", "unread"],
)
def test_text(report, text):
    assert str(report) == text
