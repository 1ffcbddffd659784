"""Attention from one text's vectors to another's, without weights of its own."""

import math

from keras import ops

# Far below every score, so that exp of it is 0, and finite.
MASKED_SCORE = -1e9


def cross_attention_scores(first, second):
    """U V^T / sqrt(H), float32 [B, M, N], of [B, M, H] and [B, N, H]."""
    scores = ops.matmul(first, ops.transpose(second, (0, 2, 1)))
    return ops.cast(scores, "float32") * (1 / math.sqrt(first.shape[-1]))


def masked_softmax(scores, mask):
    """Softmax over the last axis of [B, M, N], 0 where `mask` [B, N] is false."""
    return ops.softmax(ops.where(ops.expand_dims(mask, 1), scores, MASKED_SCORE))
