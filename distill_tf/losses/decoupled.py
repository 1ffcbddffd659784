"""Decoupled knowledge distillation: the target class, and the others by themselves."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.shapes import check_labels
from distill_tf.losses.softened import paired_logits

# exp(_EXCLUDED - logit) is exactly 0 in float32 for any logit a model produces.
_EXCLUDED = -1e9


def decoupled_kl_divergence(
    student_logits: tf.Tensor,
    teacher_logits: tf.Tensor,
    labels: tf.Tensor,
    temperature: float | tf.Tensor = 1.0,
    alpha: float = 1.0,
    beta: float = 8.0,
) -> tf.Tensor:
    """Divergence over {target, other}, and that over the other classes, weighted.

        value_b = alpha T^2 KL([p^T_t, 1 - p^T_t] || [p^S_t, 1 - p^S_t])
                + beta  T^2 KL(q^T || q^S)

    with p = softmax(logits / T), t the example's class, and q the distribution that p
    leaves over the classes other than t. `kl_divergence` is the same sum with alpha = 1
    and beta = 1 - p^T_t, which silences the second term where the teacher is sure.

    With two classes one other class is left, so the second term is 0 and the value is
    alpha times `kl_divergence`.

    Reference: Zhao et al., "Decoupled Knowledge Distillation" (2022), and
    megvii-research/mdistiller (DKD.py), where alpha = 1, beta = 8 and T = 4 are the
    defaults and the weight rises over the first epochs. Difference: a row without a
    label takes the teacher's most probable class as its target.

    Args:
        student_logits: [B, C], any float dtype.
        teacher_logits: [B, C], any float dtype.
        labels: [B], integer class indices, -1 for a row without a label.
        temperature: T > 0.
        alpha: Weight of the target class's term.
        beta: Weight of the other classes' term.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ or the temperature is not positive.
    """
    student, teacher = paired_logits(student_logits, teacher_logits, temperature)
    check_labels(student, labels)
    targets = ops.where(
        ops.greater_equal(labels, 0),
        ops.cast(labels, "int32"),
        ops.cast(ops.argmax(teacher, axis=-1), "int32"),
    )
    is_target = ops.equal(ops.arange(student.shape[1])[None, :], targets[:, None])
    target_term = _kl(
        _target_log_probabilities(student, is_target),
        _target_log_probabilities(teacher, is_target),
    )
    other_term = _kl(
        _other_log_probabilities(student, is_target),
        _other_log_probabilities(teacher, is_target),
    )
    return temperature**2 * (alpha * target_term + beta * other_term)


def _target_log_probabilities(logits: tf.Tensor, is_target: tf.Tensor) -> tf.Tensor:
    """log [p_t, 1 - p_t], [B, 2]; 1 - p_t as a sum, which keeps it above 0."""
    log_p = ops.log_softmax(logits, axis=-1)
    target = ops.sum(ops.where(is_target, log_p, 0.0), axis=-1)
    other = ops.logsumexp(ops.where(is_target, _EXCLUDED, log_p), axis=-1)
    return ops.stack([target, other], axis=-1)


def _other_log_probabilities(logits: tf.Tensor, is_target: tf.Tensor) -> tf.Tensor:
    """log q, [B, C], very low at the target."""
    return ops.log_softmax(ops.where(is_target, _EXCLUDED, logits), axis=-1)


def _kl(student_log: tf.Tensor, teacher_log: tf.Tensor) -> tf.Tensor:
    return ops.sum(ops.exp(teacher_log) * (teacher_log - student_log), axis=-1)
