"""How an export compares with the Keras model it was made of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.evaluation.cost import Latency
from distill_tf.evaluation.metrics import compute_metrics
from distill_tf.export.comparison_texts import ComparisonTexts
from distill_tf.export.exporter import Export


@dataclass(frozen=True)
class Reference:
    """The texts, and what the Keras model says of them.

    Attributes:
        texts: what every export reads as well.
        logits: [n, C] float32, of the Keras model.
    """

    texts: ComparisonTexts
    logits: np.ndarray

    def quality(self, logits: np.ndarray) -> dict[str, float]:
        """The task's metrics of some logits; empty where labels are unknown."""
        if not self.texts.metrics:
            return {}
        return compute_metrics(self.texts.metrics, logits, self.texts.examples.labels)

    def measure(self, export: Export, folder: Path, latency: Latency) -> dict[str, Any]:
        """One export's entry in the report.

        `agreement` is the share of texts that get the same label, or None in a
        regression. `max_logit_difference` is absolute.

        Raises:
            DistillError: If the export gives logits that are not finite.
        """
        logits = export.logits(*self.texts.columns)
        if not np.isfinite(logits).all():
            raise DistillError(
                f"{folder} gives logits that are NaN or infinite, where the Keras "
                "model's are finite; do not use it, and choose another format."
            )
        is_regression = logits.shape[1] == 1
        same = logits.argmax(axis=1) == self.logits.argmax(axis=1)
        difference = float(np.abs(logits - self.logits).max())
        return {
            "variant": export.variant,
            "files": [path.relative_to(folder).as_posix() for path in export.files],
            "size_bytes": sum(path.stat().st_size for path in export.files),
            "max_logit_difference": difference,
            "tolerance": export.tolerance,
            "is_within_tolerance": bool(difference <= export.tolerance),
            "agreement": None if is_regression else float(same.mean()),
            **self.quality(logits),
            **latency_entries(latency),
        }


def latency_entries(latency: Latency) -> dict[str, float]:
    """Milliseconds from one text to its logits, on one thread."""
    return {
        "latency_ms_p50": round(latency.ms_p50, 3),
        "latency_ms_p90": round(latency.ms_p90, 3),
    }
