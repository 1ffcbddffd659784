"""Quality and cost of a model on a task's dev sets."""

import time
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

import numpy as np

from distill_tf.data.batches import Encoded
from distill_tf.data.batches import Inputs
from distill_tf.evaluation.cost import dummy_inputs
from distill_tf.evaluation.cost import measure_latency
from distill_tf.evaluation.inference import Inference
from distill_tf.evaluation.metrics import compute_metrics
from distill_tf.pipeline.task_data import EvaluationSet
from distill_tf.pipeline.task_data import TaskData
from distill_tf.predictor import Predictor
from distill_tf.text import EncodedForSeveral
from distill_tf.text import EncodedPairs
from distill_tf.text import Encoder

_BYTES_A_WEIGHT = 4
# What a first pass prepares for new shapes counts in one that takes less.
_QUICK_SECONDS = 2.0


def dev_metrics(
    inference: "Inference | _TimedInference",
    dev: EvaluationSet,
    metrics: Sequence[str],
    batch_size: int,
) -> dict[str, float]:
    """The task's metrics on one split."""
    logits = inference.logits(dev.encoded, batch_size)
    return compute_metrics(metrics, logits, dev.labels)


def dev_evaluation(
    data: TaskData, encoder: Encoder, batch_size: int
) -> Callable[[Inference], dict[str, float]]:
    """A function from a model to its metrics on the dev set that selects."""
    dev = data.dev_sets(encoder)[0]
    return lambda inference: dev_metrics(inference, dev, data.task.metrics, batch_size)


def evaluate_model(
    predictor: Predictor, data: TaskData, batch_size: int
) -> dict[str, Any]:
    """Quality on the dev sets, and cost.

    The first dev set's metrics, and those of further ones under their names.
    `flops_per_example` and `latency_ms_*` (batch 1, all cores) are for one example of
    the maximum length, in float32. `examples_per_second` is one pass over the first
    dev set as it is, in batches of `batch_size`, from padding to logits, with a model
    that is traced: the pass that gives the metrics, or, if that takes less than two
    seconds, a second one.
    """
    first, *others = data.dev_sets(predictor.encoder)
    metrics = data.task.metrics
    inference = _TimedInference(predictor.inference)
    # Traces the model.
    predictor.inference(_longest_inputs(predictor))
    quality = dev_metrics(inference, first, metrics, batch_size)
    if inference.seconds < _QUICK_SECONDS:
        inference.logits(first.encoded, batch_size)
    speed = len(first.labels) / inference.seconds
    for dev in others:
        quality[dev.name] = dev_metrics(inference, dev, metrics, batch_size)
    model = predictor.model
    parameters = model.num_parameters
    return {
        **quality,
        "parameters": parameters,
        "size_bytes": _BYTES_A_WEIGHT * parameters,
        "flops_per_example": model.flops(*predictor.encoder.row_lengths),
        **latency(predictor),
        "examples_per_second": round(speed, 1),
    }


def latency(predictor: Predictor) -> dict[str, float | int]:
    """The part of `evaluate_model` that takes moments, and no dev set."""
    inputs = _longest_inputs(predictor)
    measured = measure_latency(lambda: predictor.inference(inputs))
    return {
        "latency_ms_p50": round(measured.ms_p50, 3),
        "latency_ms_p90": round(measured.ms_p90, 3),
        "latency_tokens": predictor.encoder.max_seq_length,
    }


class _TimedInference:
    """Gives logits, and notes how long the last pass took.

    Attributes:
        seconds: that time.
    """

    def __init__(self, inference: Inference):
        self._inference = inference
        self.seconds = 0.0

    def logits(self, encoded: Encoded, batch_size: int) -> np.ndarray:
        """As `Inference.logits`."""
        start = time.perf_counter()
        logits = self._inference.logits(encoded, batch_size)
        self.seconds = time.perf_counter() - start
        return logits


def _longest_inputs(predictor: Predictor) -> Inputs:
    """One example of the most tokens, for each model that reads."""
    partner = ["a"] if predictor.labels.is_pair else None
    encoded = predictor.encode(["a"], partner)
    return _inputs_like(encoded, predictor.encoder.max_seq_length)


def _inputs_like(encoded: Encoded, length: int) -> Inputs:
    if isinstance(encoded, EncodedForSeveral):
        return tuple(_inputs_like(part, length) for part in encoded.parts)
    if not isinstance(encoded, EncodedPairs):
        return dummy_inputs(length)
    layout = encoded.layout
    return layout.join(*map(dummy_inputs, layout.max_tokens))
