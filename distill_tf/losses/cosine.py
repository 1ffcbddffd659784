"""Losses between directions: of each token's hidden state, or of one vector a text."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.masking import token_counts
from distill_tf.losses.masking import token_mask
from distill_tf.losses.shapes import check_hidden_states
from distill_tf.losses.shapes import check_same_shape
from distill_tf.losses.vectors import unit

_VECTOR_AXES = {
    "batch size": "feed both models the same batch",
    "width": "map the student's vectors to the teacher's width first",
}


def cosine_distance(
    student: tf.Tensor, teacher: tf.Tensor, mask: tf.Tensor
) -> tf.Tensor:
    """One minus the cosine of the hidden states, mean over valid tokens.

        value_b = 1/n_b sum_{valid l} (1 - cos(student_bl, teacher_bl))

    with n_b the example's number of valid tokens; between 0 and 2. A vector of zeros
    has cosine 0 with any other.

    Reference: Sanh et al., "DistilBERT, a distilled version of BERT" (2019). The
    official code (huggingface/transformers-research-projects, distillation) averages
    over all valid tokens of a batch at once, here every example weighs the same.

    Args:
        student: [B, L, H], any float dtype, projected to the teacher's width.
        teacher: [B, L, H], any float dtype.
        mask: [B, L], non-zero or True at valid tokens.

    Returns:
        float32 [B]; 0 for an example that is all padding.

    Raises:
        ValueError: The shapes differ.
    """
    check_hidden_states(student, teacher, mask)
    valid = token_mask(mask)
    student, teacher = (
        unit(ops.where(valid[:, :, None], ops.cast(states, "float32"), 0.0))
        for states in (student, teacher)
    )
    distances = 1.0 - ops.sum(student * teacher, axis=-1)
    return ops.sum(ops.where(valid, distances, 0.0), axis=-1) / token_counts(mask)


def vector_cosine_distance(student: tf.Tensor, teacher: tf.Tensor) -> tf.Tensor:
    """One minus the cosine of two vectors: between 0 and 2, 1 for a vector of zeros.

    Reference: the hidden-layer loss of lidan528/VIRT (get_pooled_loss).

    Args:
        student: [B, H], any float dtype.
        teacher: [B, H], any float dtype.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ.
    """
    check_same_shape("vectors", student, teacher, _VECTOR_AXES)
    student, teacher = (unit(ops.cast(x, "float32")) for x in (student, teacher))
    return 1.0 - ops.sum(student * teacher, axis=-1)
