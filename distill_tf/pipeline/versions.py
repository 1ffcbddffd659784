"""The versions that a result was computed with."""

import platform
from importlib.metadata import version

_PACKAGES = ("distill_tf", "tensorflow", "keras", "tensorflow-text", "numpy")


def versions() -> dict[str, str]:
    """Python's version and that of each package that decides a result."""
    return {
        "python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
    }
