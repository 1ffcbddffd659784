"""Matrix products as such: what no training step can be faster than."""

import functools
from collections.abc import Callable

import numpy as np
from batches import SEED
from settings import Settings

from distill_tf.training.memory import keep_freed_memory


def case_name(rows: int, inner: int, columns: int) -> str:
    return f"{rows} x {inner} x {columns}"


def in_tensorflow(settings: Settings, dtype: str) -> dict[str, Callable[[int], None]]:
    import tensorflow as tf

    # In one graph, one after the other, as the products of a training step are: a call
    # from Python costs as much as a small product.
    def products(left, right, times):
        def step(done, before):
            with tf.control_dependencies([before]):
                return done + 1, tf.matmul(tf.identity(left), right)

        first = (1, tf.matmul(left, right))
        return tf.while_loop(lambda done, _: done < times, step, first)

    def make(matrix: np.ndarray):
        return tf.cast(tf.constant(matrix), dtype)

    # A function of its own for each shape.
    return _cases(settings, make, lambda: tf.function(products))


def in_pytorch(settings: Settings, dtype: str) -> dict[str, Callable[[int], None]]:
    import torch

    def make(matrix: np.ndarray):
        return torch.tensor(matrix).to(getattr(torch, dtype))

    @torch.inference_mode()
    def products(left, right, times):
        for _ in range(times):
            torch.matmul(left, right)

    return _cases(settings, make, lambda: products)


def _cases(settings: Settings, make: Callable, new_products: Callable):
    keep_freed_memory()  # As in training; for all.
    generator = np.random.default_rng(SEED)
    cases = {}
    for rows, inner, columns in settings.products:
        pair = [
            make(generator.normal(size=shape).astype(np.float32))
            for shape in ((rows, inner), (inner, columns))
        ]
        cases[case_name(rows, inner, columns)] = functools.partial(
            _repeat, new_products(), pair, settings.products_a_pass
        )
    return cases


def _repeat(products: Callable, pair: list, times: int, passes: int) -> None:
    for _ in range(passes):
        products(*pair, times)
