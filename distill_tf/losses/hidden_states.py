"""Loss between hidden states: TinyBERT's mean squared error over valid tokens."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.masking import masked_difference
from distill_tf.losses.masking import token_counts
from distill_tf.losses.masking import token_mask
from distill_tf.losses.shapes import check_hidden_states


def hidden_state_mse(
    student: tf.Tensor, teacher: tf.Tensor, mask: tf.Tensor
) -> tf.Tensor:
    """Mean squared difference of hidden states over valid tokens and width.

        value_b = 1 / (n_b * H) * sum_{valid l} sum_h (student - teacher)^2

    with n_b the example's number of valid tokens.

    Reference: Jiao et al., "TinyBERT: Distilling BERT for Natural Language
    Understanding" (2020), equations 8 and 9, where the student is ``H^S W_h``, that
    is, already projected. Difference: the official code, like OneFlow's PKD, takes the
    mean over padding too, so its values shrink with the padded length.

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
    difference = masked_difference(student, teacher, token_mask(mask)[:, :, None])
    per_token = ops.mean(ops.square(difference), axis=-1)
    return ops.sum(per_token, axis=-1) / token_counts(mask)
