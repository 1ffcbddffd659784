"""What a model costs: parameters, bytes, operations, time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from distill_tf.models.bert_config import BertConfig

_WARM_UP_CALLS = 10
_TIMED_CALLS = 50


def encoder_flops(config: BertConfig, length: int) -> int:
    """Floating-point operations of one forward pass over one example.

    Twice the multiply-adds of the matrix products:
    layers x (8 n H^2 + 4 n^2 H + 4 n H I), for n tokens, width H and feed-forward
    width I. BERT-base at n = 128 has 22.35 billion, a 4-layer TinyBERT 1.25.
    """
    n, width = length, config.hidden_size
    layer = (
        8 * n * width**2 + 4 * n**2 * width + 4 * n * width * config.intermediate_size
    )
    return config.num_hidden_layers * layer


@dataclass(frozen=True)
class Latency:
    """Milliseconds a call, over repeated calls after a warm-up."""

    ms_p50: float
    ms_p90: float


def measure_latency(call: Callable[[], object]) -> Latency:
    """Times a call 50 times after 10 that do not count."""
    for _ in range(_WARM_UP_CALLS):
        call()
    milliseconds = []
    for _ in range(_TIMED_CALLS):
        start = time.perf_counter()
        call()
        milliseconds.append(1000 * (time.perf_counter() - start))
    return Latency(*(float(np.percentile(milliseconds, q)) for q in (50, 90)))


def dummy_inputs(length: int) -> dict[str, np.ndarray]:
    """One example of `length` tokens, for timing."""
    return {
        "token_ids": np.ones((1, length), np.int32),
        "segment_ids": np.zeros((1, length), np.int32),
        "padding_mask": np.ones((1, length), bool),
    }
