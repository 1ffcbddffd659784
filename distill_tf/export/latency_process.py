"""The process that `latency` starts: times one export, and prints JSON."""

import itertools
import json
import sys
from dataclasses import asdict
from pathlib import Path

from distill_tf.evaluation.cost import Latency
from distill_tf.evaluation.cost import measure_latency
from distill_tf.export.exporter import Export
from distill_tf.export.formats import EXPORTERS
from distill_tf.export.latency import KERAS
from distill_tf.predictor import Predictor


def main() -> None:
    """Takes format and folder as arguments, and the columns of texts on stdin."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    texts, texts_b = json.load(sys.stdin)
    latencies = {
        export.variant: asdict(_time(export, texts, texts_b))
        for export in _open(name, folder)
    }
    print(json.dumps(latencies))


def _open(name: str, folder: Path) -> tuple[Export, ...]:
    if name == KERAS:
        return (Export((), Predictor.load(folder).logits, tolerance=0.0),)
    return EXPORTERS[name].open(folder)


def _time(export: Export, texts: list[str], texts_b: list[str] | None) -> Latency:
    partners = itertools.repeat(None) if texts_b is None else ([b] for b in texts_b)
    rows = itertools.cycle([([a], b) for a, b in zip(texts, partners, strict=False)])
    return measure_latency(lambda: export.logits(*next(rows)))


if __name__ == "__main__":
    main()
