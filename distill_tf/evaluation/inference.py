"""A model's forward pass, traced once for all batch shapes."""

from functools import partial

import keras
import numpy as np
import tensorflow as tf

from distill_tf.data.batches import evaluation_batches
from distill_tf.data.batches import specs_of
from distill_tf.data.padding import Encoded
from distill_tf.data.padding import Inputs
from distill_tf.models.batch_parts import in_parts
from distill_tf.threads import inference_parts


class Inference:
    """Computes logits.

    Follows the model's weights as they change, but for weights kept in bfloat16, which
    must not.

    Args:
        model: gives logits [B, C] for what `distill_tf.data.batches.pad` gives.
    """

    def __init__(self, model):
        self.model = model
        self._logits = None

    def __call__(self, inputs: Inputs) -> np.ndarray:
        """Logits [B, C], float32, of one padded batch."""
        if self._logits is None:
            self._logits = tf.function(
                partial(in_parts(self.model, inference_parts()), training=False),
                input_signature=[specs_of(inputs)],
            )
        tensors = keras.tree.map_structure(tf.constant, inputs)
        return self._logits(tensors).numpy()

    def logits(self, encoded: Encoded, batch_size: int) -> np.ndarray:
        """Logits [n, C] of all examples, in their order."""
        logits = np.zeros((len(encoded), self.model.num_classes), np.float32)
        for indices, inputs in evaluation_batches(encoded, batch_size):
            logits[indices] = self(inputs)
        return logits
