"""Loss between the directions of hidden states: DistilBERT's cosine distance."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.masking import token_counts
from distill_tf.losses.masking import token_mask
from distill_tf.losses.shapes import check_hidden_states
from distill_tf.losses.vectors import unit


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
