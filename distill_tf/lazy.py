"""Public names of a package that are imported when they are first used."""

import importlib
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any


def lazy_attributes(
    package: str, public: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a package.

    Args:
        package: its `__name__`.
        public: name -> the module that has it.
    """

    def get(name: str) -> Any:
        if name not in public:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(public[name]), name)

    return get, lambda: sorted(public)
