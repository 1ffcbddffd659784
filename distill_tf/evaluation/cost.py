"""How long a model takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from distill_tf.data.padding import Inputs

BYTES_A_WEIGHT = 4  # Models are kept, and measured, in float32.

_WARM_UP_CALLS = 10
_TIMED_CALLS = 50


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


def dummy_inputs(length: int) -> Inputs:
    """One text of `length` tokens, for timing."""
    return {
        "token_ids": np.ones((1, length), np.int32),
        "segment_ids": np.zeros((1, length), np.int32),
        "padding_mask": np.ones((1, length), bool),
    }
