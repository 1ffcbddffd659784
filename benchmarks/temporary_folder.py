"""Folders for what a contestant reads from disk."""

import atexit
import shutil
import tempfile
from pathlib import Path


def temporary_folder() -> Path:
    """A new one, which goes when the process does."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
