"""Logits of student and teacher, checked, and softened by a temperature."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.shapes import check_same_shape

_AXES = {
    "batch size": "feed both models the same batch",
    "number of classes": "give the student one output for every class of the teacher",
}


def paired_logits(
    student_logits: tf.Tensor,
    teacher_logits: tf.Tensor,
    temperature: float | tf.Tensor = 1.0,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Both logits [B, C] in float32, divided by the temperature.

    The temperature is a number, or a float32 scalar where it changes in training.

    Raises:
        ValueError: The shapes differ or the temperature is not positive.
    """
    check_same_shape("logits", student_logits, teacher_logits, _AXES)
    # A tensor has no value yet while a graph is traced.
    if not tf.is_tensor(temperature) and temperature <= 0:
        raise ValueError(f"Expected a temperature above 0, but got {temperature}.")
    return (
        ops.cast(student_logits, "float32") / temperature,
        ops.cast(teacher_logits, "float32") / temperature,
    )


def log_probabilities(
    student_logits: tf.Tensor,
    teacher_logits: tf.Tensor,
    temperature: float | tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor]:
    """log softmax(logits / T) of both, float32 [B, C].

    Raises:
        ValueError: The shapes differ or the temperature is not positive.
    """
    student, teacher = paired_logits(student_logits, teacher_logits, temperature)
    return ops.log_softmax(student, axis=-1), ops.log_softmax(teacher, axis=-1)
