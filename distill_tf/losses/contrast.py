"""Contrastive loss: which vector of the batch belongs to which."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.shapes import check_same_batch
from distill_tf.losses.vectors import unit


def contrastive_cross_entropy(
    anchors: tf.Tensor, candidates: tf.Tensor, temperature: float | tf.Tensor = 1.0
) -> tf.Tensor:
    """Cross-entropy of finding an anchor's own candidate among those of the batch.

        value_b = -log softmax_c(cos(anchor_b, candidate_c) / T) at c = b

    Known as InfoNCE (van den Oord et al., arXiv:1807.03748), and at T = 1 the
    contrastive terms of lidan528/VIRT (cos_sim_loss_for_contrast), which are sums over
    the batch: a weight there is that weight times the number of examples here. An older
    version of that code adds the probabilities to what is minimised, which drives apart
    what belongs together.

    Args:
        anchors: [B, H], any float dtype.
        candidates: [B, H], any float dtype.
        temperature: T > 0.

    Returns:
        float32 [B]; the candidates of other examples enter each value.

    Raises:
        ValueError: The shapes do not fit.
    """
    check_same_batch("vectors", anchors, candidates)
    anchors, candidates = (unit(ops.cast(x, "float32")) for x in (anchors, candidates))
    similarities = ops.matmul(anchors, ops.transpose(candidates)) / temperature
    return -ops.diagonal(ops.log_softmax(similarities, axis=-1))
