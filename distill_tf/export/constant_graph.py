"""A student's forward pass as a TensorFlow function that holds its weights."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from distill_tf.data.batches import pad
from distill_tf.data.batches import specs_of
from distill_tf.export.flat_inputs import flat_inputs
from distill_tf.export.flat_inputs import input_names
from distill_tf.models.word_classifier import WordClassifier
from distill_tf.predictor import Predictor


@dataclass(frozen=True)
class ConstantGraph:
    """What converters trace.

    Attributes:
        function: a `tf.function` without variables, from arrays [batch, length] in the
            order of `specs` to a dict with `logits`, [batch, C] float32.
        specs: one for each array, with the name that `flat_inputs` gives it.
    """

    function: Callable[..., dict[str, tf.Tensor]]
    specs: tuple[tf.TensorSpec, ...]


def constant_graph(predictor: Predictor, dtype: tf.DType) -> ConstantGraph:
    """The forward pass of a student of any kind.

    The weights are constants: the converter of LiteRT leaves variables without values,
    and without a word.

    Args:
        predictor: the classifier.
        dtype: the type of all inputs; of masks 1 is a token and 0 padding.
    """
    model = _portable(predictor.model)
    inner_specs = _specs_of_inputs(predictor)
    names, specs = input_names(inner_specs), flat_inputs(inner_specs)
    trained, others = (
        [variable.numpy() for variable in variables]
        for variables in (model.trainable_variables, model.non_trainable_variables)
    )

    @tf.function
    def forward(*arrays: tf.Tensor) -> dict[str, tf.Tensor]:
        cast = {
            name: tf.cast(array, spec.dtype)
            for (name, spec), array in zip(specs.items(), arrays, strict=True)
        }
        inputs = keras.tree.map_structure(cast.get, names)
        # Made in here they are constants of the graph, and not further inputs.
        weights = (list(map(tf.constant, arrays)) for arrays in (trained, others))
        logits, _ = model.stateless_call(*weights, inputs, training=False)
        return {"logits": logits}

    outer_specs = tuple(
        tf.TensorSpec(spec.shape, dtype, name) for name, spec in specs.items()
    )
    return ConstantGraph(forward, outer_specs)


def _portable(model: keras.Model) -> keras.Model:
    """The model, or a copy whose loops converters take."""
    if not isinstance(model, WordClassifier):
        return model
    copy = model.with_precision("float32")
    copy.encoder.make_portable()
    return copy


def _specs_of_inputs(predictor: Predictor) -> dict:
    encoded = predictor.encode([""], [""] if predictor.labels.is_pair else None)
    return specs_of(pad(encoded, np.arange(1)))
