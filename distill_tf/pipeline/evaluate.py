"""Quality and cost of a model on a task's dev sets."""

import time
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

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


def quality(
    predictor: Predictor,
    dev_sets: Sequence[EvaluationSet],
    metrics: Sequence[str],
    batch_size: int,
) -> dict[str, Any]:
    """The first dev set's metrics, and those of further ones under their names."""
    first, *others = dev_sets
    result = dev_metrics(predictor.inference, first, metrics, batch_size)
    for dev in others:
        result[dev.name] = dev_metrics(predictor.inference, dev, metrics, batch_size)
    return result


def cost(
    predictor: Predictor, dev: EvaluationSet, batch_size: int
) -> dict[str, float | int]:
    """Parameters, bytes, operations, latency and throughput, in float32.

    `flops_per_example` and `latency_ms_*` (batch 1, all cores) are for one example of
    the maximum length; `examples_per_second` is one pass over the dev set as it is.
    """
    model, length = predictor.model, predictor.encoder.max_seq_length
    inputs = _longest_inputs(dev.encoded, length)
    latency = measure_latency(lambda: predictor.inference(inputs))
    start = time.perf_counter()
    predictor.inference.logits(dev.encoded, batch_size)
    seconds = time.perf_counter() - start
    parameters = model.num_parameters
    return {
        "parameters": parameters,
        "size_bytes": _BYTES_A_WEIGHT * parameters,
        "flops_per_example": model.flops(*predictor.encoder.row_lengths),
        "latency_ms_p50": round(latency.ms_p50, 3),
        "latency_ms_p90": round(latency.ms_p90, 3),
        "latency_tokens": length,
        "examples_per_second": round(len(dev.labels) / seconds, 1),
    }


def _longest_inputs(encoded: Encoded, length: int) -> Inputs:
    """One example of the most tokens, for each model that reads."""
    if isinstance(encoded, EncodedForSeveral):
        return tuple(_longest_inputs(part, length) for part in encoded.parts)
    if not isinstance(encoded, EncodedPairs):
        return dummy_inputs(length)
    layout = encoded.layout
    return layout.join(*map(dummy_inputs, layout.max_tokens))
