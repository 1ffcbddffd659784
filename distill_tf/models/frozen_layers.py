"""Layers of a trained encoder that only compute."""

from collections.abc import Sequence
from typing import Any

from keras import ops

from distill_tf.models.bert import TransformerLayer


class FrozenLayers:
    """Transformer layers one after the other, in inference mode, as a function.

    Called as a `TransformerLayer`; gives the insides of the last of them. A gradient
    passes through to the input and reaches no weight. No Keras layer, so that a model
    which holds one neither trains nor saves it.
    """

    def __init__(self, layers: Sequence[TransformerLayer]):
        self._layers = tuple(layers)

    def __call__(self, rows: Any, padding_mask: Any) -> tuple[Any, dict[str, Any]]:
        insides = {}
        for layer in self._layers:
            # Reading the variables directly would give each a gradient within a
            # branch, although nobody asks for it.
            (rows, insides), _ = layer.stateless_call(
                [ops.stop_gradient(v.value) for v in layer.trainable_variables],
                [v.value for v in layer.non_trainable_variables],
                rows,
                padding_mask,
                training=False,
            )
        return rows, insides
