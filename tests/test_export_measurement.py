"""How an export compares with its model."""

import numpy as np
import pytest

from distill_tf.errors import DistillError
from distill_tf.evaluation.cost import Latency
from distill_tf.export.comparison_texts import ComparisonTexts
from distill_tf.export.comparison_texts import given_texts
from distill_tf.export.exporter import Export
from distill_tf.export.measurement import Reference
from distill_tf.tasks import Examples

TEXTS = ["a", "b", "c", "d"]
LOGITS = np.float32([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0.5, 0]])
LATENCY = Latency(ms_p50=1.23456, ms_p90=2.0)


def measure(tmp_path, logits, tolerance=0.25, texts=None, reference=LOGITS):
    (tmp_path / "part").mkdir(exist_ok=True)
    files = (tmp_path / "part/one", tmp_path / "two")
    for path, size in zip(files, (3, 4), strict=True):
        path.write_bytes(bytes(size))
    export = Export(files, lambda a, b: np.float32(logits), tolerance, "int8")
    reference = Reference(texts or given_texts(TEXTS), np.float32(reference))
    return reference.measure(export, tmp_path, LATENCY)


def test_an_entry_has_size_difference_and_latency(tmp_path):
    changed = LOGITS.copy()
    changed[3] = [0.75, 0.5, 0]
    assert measure(tmp_path, changed) == {
        "variant": "int8",
        "files": ["part/one", "two"],
        "size_bytes": 7,
        "max_logit_difference": 0.75,
        "tolerance": 0.25,
        "is_within_tolerance": False,
        "agreement": 0.75,
        "latency_ms_p50": 1.235,
        "latency_ms_p90": 2.0,
    }
    assert measure(tmp_path, changed, tolerance=0.75)["is_within_tolerance"] is True


def test_known_labels_give_the_tasks_metrics(tmp_path):
    labels = np.int32([0, 1, 2, 2])
    texts = ComparisonTexts(Examples(TEXTS, labels=labels), "here", ("accuracy",))
    assert measure(tmp_path, LOGITS, texts=texts)["accuracy"] == 0.75


def test_a_regression_has_no_agreement(tmp_path):
    scores = [[0.5], [1], [2], [3]]
    assert measure(tmp_path, scores, reference=scores)["agreement"] is None


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_logits_that_are_no_numbers_are_refused(tmp_path, value):
    with pytest.raises(DistillError, match="gives logits that are NaN or infinite"):
        measure(tmp_path, np.full_like(LOGITS, value))
