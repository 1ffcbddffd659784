"""BERT-base at fixed lengths: a training step and a forward pass."""

import dataclasses
from collections.abc import Callable

from inference_cases import case_name
from settings import Settings

# Settings and a library's options -> its runs.
Make = Callable[..., dict[str, Callable[[int], None]]]


def forward_case(length: int) -> str:
    return f"forward, length {length}"


def training_case(length: int) -> str:
    return f"training, length {length}"


def bert_base_cases(
    settings: Settings, fine_tuning: Make, inference: Make, **options
) -> dict[str, Callable[[int], None]]:
    """What a library has for fine-tuning and inference, on BERT-base.

    Args:
        settings: sizes; the teacher's are replaced.
        fine_tuning: makes the run of fine-tuning.
        inference: makes the runs of inference.
        **options: of both.
    """
    cases = {}
    for length in settings.base_lengths:
        fixed = fixed_length(settings, length)
        cases[training_case(length)] = fine_tuning(fixed, **options)[""]
        runs = inference(fixed, **options)
        name = case_name("teacher", settings.batch_size, length)
        cases[forward_case(length)] = runs[name]
    return cases


def fixed_length(settings: Settings, length: int, steps: int = 2) -> Settings:
    """BERT-base in the teacher's place, texts of one length, so many steps a pass."""
    return dataclasses.replace(
        settings,
        teacher=settings.base,
        served=("teacher",),
        text_length=length,
        examples=steps * settings.batch_size,
        inference_batches=(settings.batch_size,),
        inference_lengths=(length,),
        inference_calls=steps,
    )
