"""Losses between attention maps: on raw scores and on probabilities."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.masking import masked_difference
from distill_tf.losses.masking import masked_probabilities
from distill_tf.losses.masking import pair_mask
from distill_tf.losses.masking import token_counts
from distill_tf.losses.shapes import check_attention_scores
from distill_tf.losses.shapes import check_token_mask

_HEADS_MEND = (
    "give the student as many attention heads as the teacher or leave the attention "
    "objective out"
)


def attention_score_mse(
    student_scores: tf.Tensor, teacher_scores: tf.Tensor, mask: tf.Tensor
) -> tf.Tensor:
    """Mean squared difference of raw attention scores over heads and valid pairs.

        value_b = 1 / (heads * n_b^2) * sum_heads sum_{valid q, k} (A^S - A^T)^2

    with A = Q K^T / sqrt(d) before mask and softmax, and n_b the example's number of
    valid tokens.

    Reference: Jiao et al., "TinyBERT: Distilling BERT for Natural Language
    Understanding" (2020), equation 7. Difference: the official code adds the attention
    mask to the scores, sets entries <= -100 to 0 and takes the mean over all L^2
    pairs. Its padded keys thus add zeros to the mean, its padded queries add real
    terms, and a genuine score of -100 is lost. Here a pair counts when query and key
    are valid, and no score is clamped.

    Args:
        student_scores: [B, heads, L, L] (queries, then keys), any float dtype.
        teacher_scores: [B, heads, L, L], any float dtype.
        mask: [B, L], non-zero or True at valid tokens.

    Returns:
        float32 [B]; 0 for an example that is all padding.

    Raises:
        ValueError: The shapes differ, e.g. in the number of heads.
    """
    _check(student_scores, teacher_scores, mask)
    difference = masked_difference(student_scores, teacher_scores, pair_mask(mask))
    return _mean_square(difference, mask)


def attention_probability_mse(
    student_scores: tf.Tensor, teacher_scores: tf.Tensor, mask: tf.Tensor
) -> tf.Tensor:
    """Mean squared difference of attention probabilities over heads and valid pairs.

        value_b = 1 / (heads * n_b^2) * sum_heads sum_{valid q, k} (P^S - P^T)^2

    with P the softmax of the scores over the example's valid keys, and n_b its number
    of valid tokens. Probabilities are small, so values are orders of magnitude below
    those of `attention_score_mse`; TinyBERT's authors found the scores to converge
    faster.

    Reference: the TinyBERT example of Oneflow-Inc/Oneflow-Model-Compression
    (src/knowledge_distill_util.py, att_distill), which is handed probabilities.
    Difference: there they come after attention dropout and the mean includes padding.

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
    _check(student_scores, teacher_scores, mask)
    valid_pairs = pair_mask(mask)
    # With all of its keys masked, a padded query's row is uniform in both models, and
    # a padded key has probability 0 in both: their differences need no second mask.
    student, teacher = (
        masked_probabilities(scores, valid_pairs)
        for scores in (student_scores, teacher_scores)
    )
    return _mean_square(student - teacher, mask)


def _check(student: tf.Tensor, teacher: tf.Tensor, mask: tf.Tensor) -> None:
    check_attention_scores(student, teacher, _HEADS_MEND)
    check_token_mask(mask, student.shape[0], student.shape[2])


def _mean_square(difference: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    per_pair = ops.mean(ops.square(difference), axis=1)
    return ops.sum(per_pair, axis=(1, 2)) / ops.square(token_counts(mask))
