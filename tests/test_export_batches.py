"""Texts through a runtime, a batch at a time."""

import numpy as np
import pytest

from distill_tf.export.batches import in_batches


@pytest.mark.parametrize("count", [0, 1, 32, 33, 70])
@pytest.mark.parametrize("is_pair", [False, True])
def test_every_text_once_in_order_with_its_partner(count, is_pair):
    batches = []

    def run(texts, texts_b):
        batches.append(len(texts))
        partners = texts if texts_b is None else texts_b
        rows = zip(texts, partners, strict=True)
        return np.array([[len(a), len(b)] for a, b in rows], np.float32)

    texts = ["x" * i for i in range(count)]
    partners = ["x" * (2 * i) for i in range(count)] if is_pair else None
    found = in_batches(run, 2)(texts, partners)
    factor = 2 if is_pair else 1
    assert found.tolist() == [[i, factor * i] for i in range(count)]
    assert found.shape == (count, 2)
    assert max(batches, default=0) <= 32


def test_lone_surrogates_are_dropped():
    seen = []

    def run(texts, texts_b):
        seen.extend([*texts, *texts_b])
        return np.zeros((1, 1), np.float32)

    in_batches(run, 1)(["a\ud800b😀"], ["\udfff"])
    assert seen == ["ab😀", ""]
