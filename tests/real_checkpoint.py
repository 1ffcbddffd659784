"""A real pre-trained BERT encoder on disk."""

import subprocess
import sys
from pathlib import Path

import pytest
from real_data import SHARED


def make_checkpoints(root: Path) -> dict[str, Path]:
    """The folders of a Google checkpoint and of its Hugging Face original."""
    tool = SHARED / "tools" / "make_google_checkpoint.py"
    if not tool.exists():
        pytest.skip(f"checkpoint maker absent: {tool} (set DISTILL_TF_SHARED)")
    folders = {"google": root / "google", "hugging face": root / "hf"}
    command = [sys.executable, tool, root / "google", "--hf-copy", root / "hf"]
    subprocess.run(command, check=True, capture_output=True)
    return folders
