"""A student as the converters of other runtimes trace it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from distill_tf.data.batches import specs_of
from distill_tf.data.padding import pad
from distill_tf.export.flat_inputs import flat_inputs
from distill_tf.export.flat_inputs import input_names
from distill_tf.models.word_classifier import WordClassifier
from distill_tf.predictor import Predictor


@dataclass(frozen=True)
class PortableModel:
    """A model without loops that converters refuse, and its inputs side by side.

    Attributes:
        model: computes what the predictor's model computes.
        specs: one array [batch, length] each, with the name that `flat_inputs` gives
            it.
        inner_specs: what the model itself takes.
    """

    model: keras.Model
    specs: tuple[tf.TensorSpec, ...]
    inner_specs: dict[str, Any]

    @classmethod
    def of(cls, predictor: Predictor, dtype: tf.DType) -> "PortableModel":
        """The model of a student of any kind.

        Args:
            predictor: the classifier.
            dtype: the type of all inputs; of masks 1 is a token and 0 padding.
        """
        encoded = predictor.encode([""], [""] if predictor.labels.is_pair else None)
        inner_specs = specs_of(pad(encoded, np.arange(1)))
        specs = tuple(
            tf.TensorSpec(spec.shape, dtype, name)
            for name, spec in flat_inputs(inner_specs).items()
        )
        return cls(_without_refused_loops(predictor.model), specs, inner_specs)

    def inputs(self, arrays: Sequence[tf.Tensor]) -> dict[str, Any]:
        """What the model takes, made of one array for each of `specs`."""
        cast = {
            name: tf.cast(array, spec.dtype)
            for (name, spec), array in zip(
                flat_inputs(self.inner_specs).items(), arrays, strict=True
            )
        }
        return keras.tree.map_structure(cast.get, input_names(self.inner_specs))


def _without_refused_loops(model: keras.Model) -> keras.Model:
    if not isinstance(model, WordClassifier):
        return model
    copy = model.with_precision("float32")
    copy.encoder.make_portable()
    return copy
