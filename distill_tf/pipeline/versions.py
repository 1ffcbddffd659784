"""The versions that a result was computed with."""

import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version

_PACKAGES = ("distill_tf", "tensorflow", "keras", "tensorflow-text", "numpy")


def versions() -> dict[str, str]:
    """Python's version and that of each package that decides a result."""
    return {
        "python": platform.python_version(),
        **{package: _version(package) for package in _PACKAGES},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    # A checkout that is not installed, or a build under another name.
    except PackageNotFoundError:
        return "unknown"
