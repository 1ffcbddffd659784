"""MiniLM's losses: divergences of attention and of relations between the tokens."""

import math

import tensorflow as tf
from keras import ops

from distill_tf.losses.masking import MASKED_SCORE
from distill_tf.losses.masking import pair_mask
from distill_tf.losses.masking import token_counts
from distill_tf.losses.masking import token_mask
from distill_tf.losses.shapes import check_attention_scores
from distill_tf.losses.shapes import check_head_vectors
from distill_tf.losses.shapes import check_token_mask

_HEADS_MEND = "compare relations, which any number of heads can have"


def attention_kl(
    student_scores: tf.Tensor, teacher_scores: tf.Tensor, mask: tf.Tensor
) -> tf.Tensor:
    """Divergence of attention distributions, mean over heads and valid queries.

        value_b = 1 / (heads * n_b) * sum_heads sum_{valid q} KL(P^T_q || P^S_q)

    with P_q the softmax of query q's scores over the example's n_b valid keys.

    Reference: Wang et al., "MiniLM: Deep Self-Attention Distillation for Task-Agnostic
    Compression of Pre-Trained Transformers" (arXiv:2002.10957).

    Args:
        student_scores: [B, heads, L, L], scaled Q K^T before mask and softmax, any
            float dtype.
        teacher_scores: [B, heads, L, L], likewise.
        mask: [B, L], non-zero or True at valid tokens.

    Returns:
        float32 [B]; 0 for an example that is all padding.

    Raises:
        ValueError: The shapes differ, e.g. in the number of heads.
    """
    check_attention_scores(student_scores, teacher_scores, _HEADS_MEND)
    check_token_mask(mask, student_scores.shape[0], student_scores.shape[2])
    return _mean_divergence(student_scores, teacher_scores, mask)


def relation_kl(
    student: tf.Tensor, teacher: tf.Tensor, mask: tf.Tensor, relation_heads: int
) -> tf.Tensor:
    """Divergence of the relations between tokens, mean over relation heads and tokens.

        R_a = softmax(X_a X_a^T / sqrt(H / A))    over the valid keys
        value_b = 1 / (A * n_b) * sum_{a < A} sum_{valid q} KL(R^T_aq || R^S_aq)

    X are the queries, keys or values of one layer, their heads side by side again
    (width H) and split anew into A relation heads X_a. Neither the number of heads
    nor the width of the two models has to agree.

    Reference: Wang et al., "MiniLMv2: Multi-Head Self-Attention Relation Distillation
    for Compressing Pretrained Transformers" (arXiv:2012.15828). With the attention
    heads as relation heads and X the values it is the value relation of MiniLM
    (arXiv:2002.10957).

    Args:
        student: [B, heads_S, L, d_S], any float dtype.
        teacher: [B, heads_T, L, d_T], any float dtype.
        mask: [B, L], non-zero or True at valid tokens.
        relation_heads: A, a divisor of heads_S d_S and of heads_T d_T.

    Returns:
        float32 [B]; 0 for an example that is all padding.

    Raises:
        ValueError: A shape does not fit, or A does not divide a width.
    """
    for owner, vectors in (("student", student), ("teacher", teacher)):
        _check_vectors(owner, vectors, mask, relation_heads)
    return _mean_divergence(
        _relations(student, mask, relation_heads),
        _relations(teacher, mask, relation_heads),
        mask,
    )


def _check_vectors(
    owner: str, vectors: tf.Tensor, mask: tf.Tensor, relation_heads: int
) -> None:
    check_head_vectors(owner, vectors, mask)
    shape = tuple(vectors.shape)
    width = shape[1] * shape[3]
    if relation_heads < 1 or width % relation_heads:
        raise ValueError(
            f"Expected a number of relation heads that divides {width}, the width of "
            f"{owner} vectors of shape {shape}, but got {relation_heads}."
        )


def _relations(vectors: tf.Tensor, mask: tf.Tensor, relation_heads: int) -> tf.Tensor:
    """Scaled products of every two tokens before the softmax: float32 [B, A, L, L]."""
    batch, length = ops.shape(vectors)[0], ops.shape(vectors)[2]
    head_size = vectors.shape[1] * vectors.shape[3] // relation_heads
    valid = token_mask(mask)[:, None, :, None]
    # A product with a NaN of the padding would reach the tokens' gradient.
    vectors = ops.where(valid, ops.cast(vectors, "float32"), 0.0)
    side_by_side = ops.transpose(vectors, (0, 2, 1, 3))
    split = ops.reshape(side_by_side, (batch, length, relation_heads, head_size))
    split = ops.transpose(split, (0, 2, 1, 3))
    products = ops.matmul(split, ops.transpose(split, (0, 1, 3, 2)))
    return products * (1 / math.sqrt(head_size))


def _mean_divergence(
    student_scores: tf.Tensor, teacher_scores: tf.Tensor, mask: tf.Tensor
) -> tf.Tensor:
    valid_pairs = pair_mask(mask)
    student_log, teacher_log = (
        ops.log_softmax(
            ops.where(valid_pairs, ops.cast(scores, "float32"), MASKED_SCORE), axis=-1
        )
        for scores in (student_scores, teacher_scores)
    )
    # A padded query's row is uniform in both models, so its divergence is 0.
    divergences = ops.sum(ops.exp(teacher_log) * (teacher_log - student_log), axis=-1)
    return ops.sum(ops.mean(divergences, axis=1), axis=-1) / token_counts(mask)
