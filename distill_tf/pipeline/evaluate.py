"""Quality and cost of a model on a task's dev sets."""

import time
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

from distill_tf.data.padding import Encoded
from distill_tf.data.padding import Inputs
from distill_tf.evaluation.cost import BYTES_A_WEIGHT
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

# What a first pass prepares for new shapes counts in one that takes less.
_QUICK_SECONDS = 2.0


def dev_metrics(
    inference: Inference,
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
    seconds, a second one without them.
    """
    first, *others = data.dev_sets(predictor.encoder)
    metrics = data.task.metrics
    inference = predictor.inference
    costs = latency(predictor)  # First, since it traces the model.
    start = time.perf_counter()
    quality = dev_metrics(inference, first, metrics, batch_size)
    seconds = time.perf_counter() - start
    if seconds < _QUICK_SECONDS:
        start = time.perf_counter()
        inference.logits(first.encoded, batch_size)
        seconds = time.perf_counter() - start
    for dev in others:
        quality[dev.name] = dev_metrics(inference, dev, metrics, batch_size)
    model = predictor.model
    parameters = model.num_parameters
    return {
        **quality,
        "parameters": parameters,
        "size_bytes": BYTES_A_WEIGHT * parameters,
        "flops_per_example": model.flops(*predictor.encoder.row_lengths),
        **costs,
        "examples_per_second": round(len(first.labels) / seconds, 1),
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
