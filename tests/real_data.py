"""Where the tests find real data sets; tests that need them skip where absent."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("DISTILL_TF_SHARED", Path(__file__).parents[2] / "shared"))


def real_data(*parts: str) -> Path:
    """Path of a real data file or folder, or a skip that says what is missing."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"real data absent: {path} (set DISTILL_TF_SHARED)")
    return path
