"""The state of dropout's random generators, which Keras leaves out of the weights."""

from collections.abc import Sequence

import keras
import numpy as np


def dropout_seeds(model: keras.Model) -> list[np.ndarray]:
    """The generators' states, in the model's order."""
    return [seed.numpy() for seed in _variables(model)]


def set_dropout_seeds(model: keras.Model, seeds: Sequence[np.ndarray]) -> None:
    """Puts states that `dropout_seeds` gave back.

    Raises:
        ValueError: the model has another number of generators.
    """
    for variable, seed in zip(_variables(model), seeds, strict=True):
        variable.assign(seed)


def reseed(model: keras.Model, seed: int) -> None:
    """Starts all generators anew, whatever was drawn from them before.

    A stage then drops the same units whether the one before it has just been trained
    or was read from its folder.
    """
    count = len(_variables(model))
    states = np.random.SeedSequence(seed).generate_state(2 * count, np.uint32)
    set_dropout_seeds(model, states.reshape(count, 2))


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [v for v in model.variables if v.name == "seed_generator_state"]
