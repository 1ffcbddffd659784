"""A teacher's name by its content."""

from collections.abc import Iterator
from typing import Any

import keras

from distill_tf.content_hash import content_hash
from distill_tf.models.outputs import OutputsModel

# To be raised when models of the same weights compute something else than before.
_VERSION = 1


def can_be_told(teacher: OutputsModel) -> bool:
    """Whether all that a teacher is made of is known; see `OutputsModel`."""
    return isinstance(teacher, keras.Model) or hasattr(teacher, "parts")


def describe_teacher(teacher: OutputsModel, precision: str) -> dict[str, Any]:
    """What a teacher is, beside its weights.

    Args:
        teacher: one that `can_be_told`.
        precision: the Keras dtype policy that it computes under.
    """
    return {
        "version": _VERSION,
        "precision": precision,
        "parts": [
            {"model": type(part).__name__, "config": _without_names(part.get_config())}
            if isinstance(part, keras.Model)
            else part
            for part in _parts(teacher)
        ],
    }


def fingerprint(teacher: OutputsModel, precision: str) -> str:
    """The same for the same weights, sizes and precision, and for no others."""
    return content_hash(
        describe_teacher(teacher, precision),
        (
            weight.numpy()
            for part in _parts(teacher)
            for weight in getattr(part, "weights", ())
        ),
    )


def _parts(teacher: Any) -> Iterator[Any]:
    """Keras models and plain values, in order."""
    if isinstance(teacher, keras.Model) or not hasattr(teacher, "parts"):
        yield teacher
        return
    yield type(teacher).__name__
    for part in teacher.parts:
        yield from _parts(part)


def _without_names(config: Any) -> Any:
    """Without those of models and layers, which are numbered as they are made."""
    if isinstance(config, dict):
        return {
            key: _without_names(value) for key, value in config.items() if key != "name"
        }
    if isinstance(config, list | tuple):
        return [_without_names(value) for value in config]
    return config
