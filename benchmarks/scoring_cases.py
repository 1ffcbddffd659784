"""A cross-encoder's part of scoring: it reads every document with the query."""

import dataclasses
from collections.abc import Callable

from settings import Settings

_SPECIAL_TOKENS = 3


def cross_encoder_case(
    settings: Settings, inference: Callable[..., dict], **options
) -> dict[str, Callable[[int], None]]:
    """What a library has for inference, on pairs whose token ids are known.

    Args:
        settings: sizes; the teacher reads the pairs.
        inference: makes the runs of inference.
        **options: for it.
    """
    tokens = settings.query_tokens + settings.document_tokens
    pairs = dataclasses.replace(
        settings,
        served=("teacher",),
        inference_batches=(settings.documents_a_batch,),
        inference_lengths=(tokens + _SPECIAL_TOKENS,),
        inference_calls=settings.documents // settings.documents_a_batch,
    )
    (run,) = inference(pairs, **options).values()
    return {"": run}
