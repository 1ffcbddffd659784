"""A model's forward pass, traced once for all batch shapes."""

import numpy as np
import tensorflow as tf

from distill_tf.data.batches import evaluation_batches
from distill_tf.text import EncodedTexts


class Inference:
    """Computes logits; follows the model's weights as they change.

    Args:
        model: gives logits [B, C] for a dict of token_ids, segment_ids and
            padding_mask, each [B, L].
    """

    def __init__(self, model):
        self.model = model
        signature = {
            "token_ids": tf.TensorSpec((None, None), tf.int32),
            "segment_ids": tf.TensorSpec((None, None), tf.int32),
            "padding_mask": tf.TensorSpec((None, None), tf.bool),
        }
        self._logits = tf.function(
            lambda inputs: model(inputs, training=False), input_signature=[signature]
        )

    def __call__(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Logits [B, C], float32, of one padded batch."""
        tensors = {name: tf.constant(value) for name, value in inputs.items()}
        return self._logits(tensors).numpy()

    def logits(self, encoded: EncodedTexts, batch_size: int) -> np.ndarray:
        """Logits [n, C] of all examples, in their order."""
        logits = np.zeros((len(encoded), self.model.num_classes), np.float32)
        for indices, inputs in evaluation_batches(encoded, batch_size):
            logits[indices] = self(inputs)
        return logits
