"""Finished classifiers in the formats of other runtimes.

import distill_tf.export

distill_tf.export.export("output/sst-2_tinybert", ["savedmodel"])
"""

from distill_tf.lazy import lazy_attributes

# Looked up when first used, as in distill_tf itself.
_PUBLIC = {
    "EXPORTERS": "distill_tf.export.formats",
    "FORMATS": "distill_tf.export.format_names",
    "export": "distill_tf.export.run",
    "export_predictor": "distill_tf.export.run",
    "parse_formats": "distill_tf.export.format_names",
}

__all__ = sorted(_PUBLIC)

__getattr__, __dir__ = lazy_attributes(__name__, _PUBLIC)
