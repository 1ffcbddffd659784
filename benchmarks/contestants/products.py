"""Matrix products as such: what no training step can be faster than."""

import functools
from collections.abc import Callable

import numpy as np
from batches import SEED
from settings import Settings


def case_name(rows: int, inner: int, columns: int) -> str:
    return f"{rows} x {inner} x {columns}"


def in_tensorflow(settings: Settings, dtype: str) -> dict[str, Callable[[int], None]]:
    import tensorflow as tf

    product = tf.function(tf.matmul)

    def make(matrix: np.ndarray):
        return tf.cast(tf.constant(matrix), dtype)

    return _cases(settings, make, product)


def in_pytorch(settings: Settings, dtype: str) -> dict[str, Callable[[int], None]]:
    import torch

    def make(matrix: np.ndarray):
        return torch.tensor(matrix).to(getattr(torch, dtype))

    return _cases(settings, make, torch.inference_mode()(torch.matmul))


def _cases(settings: Settings, make: Callable, product: Callable):
    generator = np.random.default_rng(SEED)
    cases = {}
    for rows, inner, columns in settings.products:
        pair = [
            make(generator.normal(size=shape).astype(np.float32))
            for shape in ((rows, inner), (inner, columns))
        ]
        cases[case_name(rows, inner, columns)] = functools.partial(
            _repeat, product, pair, settings.products_a_pass
        )
    return cases


def _repeat(product: Callable, pair: list, times: int, passes: int) -> None:
    for _ in range(times * passes):
        product(*pair)
