"""Loss between the attention that two towers would pay each other and a teacher's."""

import math

import tensorflow as tf
from keras import ops

from distill_tf.losses.masking import masked_probabilities
from distill_tf.losses.masking import pair_mask
from distill_tf.losses.masking import token_counts
from distill_tf.losses.masking import token_mask
from distill_tf.losses.shapes import check_attention_scores
from distill_tf.losses.shapes import check_head_vectors

_HEADS_MEND = "give the student as many attention heads as the teacher"


def attention_map_mse(
    queries: tf.Tensor,
    keys: tf.Tensor,
    teacher_scores: tf.Tensor,
    query_mask: tf.Tensor,
    key_mask: tf.Tensor,
    key_length: int | None = None,
) -> tf.Tensor:
    """Mean squared difference of the attention from one text to the other.

        P^S_q = softmax over valid k of (query_q . key_k / sqrt(d))
        P^T_q = softmax over valid k of teacher_scores_qk
        value_b = 1 / (heads * n_b * K) * sum_heads sum_{valid q, k} (P^S_qk - P^T_qk)^2

    with n_b the example's number of valid queries and K the `key_length`. The student's
    towers never read each other's text; the loss compares what their queries and keys
    would make of it with the block of a cross-encoder's attention that goes from the
    one text to the other, normalised within the block.

    Reference: Li et al., "VIRT: Improving Representation-based Text Matching via
    Virtual Interaction" (2022) and its code (lidan528/VIRT, get_attention_loss), which
    takes the plain mean over heads, queries and keys of texts padded to full length.
    With that length as K the value stays on its scale, whatever the padding here;
    padded keys have probability 0 in both models. Difference: there padded queries
    count in the mean. A `query_mask` that is true throughout makes them count, if the
    texts are padded as far as there.

    Args:
        queries: [B, heads, A, d], the student's of one text's tokens, any float dtype.
        keys: [B, heads, D, d], the student's of the other text's.
        teacher_scores: [B, heads, A, D], scaled Q K^T before mask and softmax.
        query_mask: [B, A], non-zero or True where a query counts.
        key_mask: [B, D], non-zero or True at the valid keys.
        key_length: K; None for D.

    Returns:
        float32 [B]; 0 for an example without a valid query or without a valid key.

    Raises:
        ValueError: The shapes do not fit.
    """
    scores = _cross_scores(queries, keys, query_mask, key_mask)
    check_attention_scores(scores, teacher_scores, _HEADS_MEND)
    valid_pairs = pair_mask(query_mask, key_mask)
    # A row without a valid pair is uniform in both models, so its difference is 0.
    student, teacher = (
        masked_probabilities(x, valid_pairs) for x in (scores, teacher_scores)
    )
    squared = ops.sum(ops.mean(ops.square(student - teacher), axis=1), axis=(1, 2))
    length = ops.shape(key_mask)[1] if key_length is None else key_length
    return squared / (token_counts(query_mask) * ops.cast(length, "float32"))


def _cross_scores(
    queries: tf.Tensor, keys: tf.Tensor, query_mask: tf.Tensor, key_mask: tf.Tensor
) -> tf.Tensor:
    """Scaled products of one text's queries and the other's keys: [B, heads, A, D]."""
    sides = ((queries, query_mask), (keys, key_mask))
    for vectors, mask in sides:
        check_head_vectors("student", vectors, mask)
    # A product with a NaN of the padding would reach the tokens' gradient.
    queries, keys = (
        ops.where(token_mask(mask)[:, None, :, None], ops.cast(vectors, "float32"), 0.0)
        for vectors, mask in sides
    )
    products = ops.matmul(queries, ops.transpose(keys, (0, 1, 3, 2)))
    return products * (1 / math.sqrt(queries.shape[-1]))
