"""Finished classifiers in the formats of other runtimes.

import distill_tf.export

distill_tf.export.export("output/sst-2_tinybert", ["savedmodel"])
"""

import importlib
from typing import Any

# Looked up when first used, as in distill_tf itself.
_PUBLIC = {
    "EXPORTERS": "distill_tf.export.formats",
    "FORMATS": "distill_tf.export.format_names",
    "export": "distill_tf.export.run",
    "export_predictor": "distill_tf.export.run",
    "parse_formats": "distill_tf.export.format_names",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return __all__
