"""The calls of inference: which model, how many examples, how many tokens."""

import functools
from collections.abc import Callable

import numpy as np
from batches import SEED
from settings import Settings

# Model, token ids and mask [B, L] -> a function that computes the logits.
MakeCall = Callable[[str, np.ndarray, np.ndarray], Callable[[], object]]


def case_name(model: str, batch: int, length: int) -> str:
    return f"{model}, batch {batch}, length {length}"


def inference_cases(
    settings: Settings, make_call: MakeCall
) -> dict[str, Callable[[int], None]]:
    """One case a model, batch size and length, without padding."""
    generator = np.random.default_rng(SEED)
    cases = {}
    for model in settings.models:
        for batch in settings.inference_batches:
            for length in settings.inference_lengths:
                shape = batch, length
                token_ids = generator.integers(1, settings.vocab_size, shape)
                call = make_call(
                    model, token_ids.astype(np.int32), np.ones(shape, bool)
                )
                cases[case_name(model, batch, length)] = functools.partial(
                    _repeat, call, settings.inference_calls
                )
    return cases


def _repeat(call: Callable[[], object], calls: int, passes: int) -> None:
    for _ in range(calls * passes):
        call()
