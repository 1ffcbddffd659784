"""A small BERT with a random masked-language-model head, in two formats."""

from pathlib import Path

import numpy as np
from tiny_bert import CONFIG
from tiny_bert import huggingface_arrays
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_huggingface

WIDTH, VOCAB_SIZE = CONFIG.hidden_size, CONFIG.vocab_size
SHAPES = {
    "cls/predictions/transform/dense/kernel": (WIDTH, WIDTH),
    "cls/predictions/transform/dense/bias": (WIDTH,),
    "cls/predictions/transform/LayerNorm/gamma": (WIDTH,),
    "cls/predictions/transform/LayerNorm/beta": (WIDTH,),
    "cls/predictions/output_bias": (VOCAB_SIZE,),
}
THEIR_NAMES = (
    "cls.predictions.transform.dense.weight",
    "cls.predictions.transform.dense.bias",
    "cls.predictions.transform.LayerNorm.weight",
    "cls.predictions.transform.LayerNorm.bias",
    "cls.predictions.bias",
)


def head_weights(seed: int = 1) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {
        name: generator.normal(float(name.endswith("gamma")), 0.5, shape).astype("f4")
        for name, shape in SHAPES.items()
    }


def huggingface_head(head: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {
        theirs: np.ascontiguousarray(array.T)
        for theirs, array in zip(THEIR_NAMES, head.values(), strict=True)
    }


def write_google_masked_lm(folder: Path) -> Path:
    """A pre-trained Google checkpoint; gives its prefix."""
    return write_google(folder, {**random_weights(), **head_weights()})


def write_huggingface_masked_lm(folder: Path) -> Path:
    """The same weights as transformers saves them; gives the folder."""
    arrays = huggingface_arrays(random_weights())
    return write_huggingface(folder, {**arrays, **huggingface_head(head_weights())})
