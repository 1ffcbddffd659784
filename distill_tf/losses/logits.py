"""Losses between student and teacher logits: soft labels and mean squared error."""

import tensorflow as tf
from keras import ops

from distill_tf.losses.softened import log_probabilities
from distill_tf.losses.softened import paired_logits


def soft_cross_entropy(
    student_logits: tf.Tensor,
    teacher_logits: tf.Tensor,
    temperature: float | tf.Tensor = 1.0,
    temperature_squared: bool = True,
    class_mean: bool = False,
) -> tf.Tensor:
    """Cross-entropy of the student under the teacher's softened distribution.

        value_b = -T^2 sum_c p^T_c log p^S_c,    p = softmax(logits / T)

    Two conventions go by this name:

    - ``temperature_squared=True, class_mean=False`` (the default): Hinton et al.,
      "Distilling the Knowledge in a Neural Network" (2015). T^2 keeps the gradient's
      magnitude, and so the balance with a hard-label loss, nearly independent of T.
    - ``temperature_squared=False, class_mean=True``: the official TinyBERT code
      (huawei-noah/Pretrained-Language-Model, task_distill.py) and OneFlow's
      knowledge distillation (src/knowledge_distill_util.py), which take the mean over
      batch and classes. It is 1 / (C T^2) of the default: half of it for two classes
      at T = 1.

    The least value is the entropy of the softened teacher (times the same factors),
    not 0; `kl_divergence` has the same gradient and least value 0.

    Args:
        student_logits: [B, C], any float dtype.
        teacher_logits: [B, C], any float dtype.
        temperature: T > 0.
        temperature_squared: Whether to multiply by T^2.
        class_mean: Whether to divide by C.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ or the temperature is not positive.
    """
    student_log, teacher_log = log_probabilities(
        student_logits, teacher_logits, temperature
    )
    terms = -ops.exp(teacher_log) * student_log
    return _reduce(terms, temperature, temperature_squared, class_mean)


def kl_divergence(
    student_logits: tf.Tensor,
    teacher_logits: tf.Tensor,
    temperature: float | tf.Tensor = 1.0,
    temperature_squared: bool = True,
    class_mean: bool = False,
) -> tf.Tensor:
    """Kullback-Leibler divergence of the student from the softened teacher.

        value_b = T^2 sum_c p^T_c (log p^T_c - log p^S_c),    p = softmax(logits / T)

    It is `soft_cross_entropy` less the teacher's entropy: the same gradient with
    respect to the student, and 0 where the two agree. The default equals PyTorch's
    ``batchmean`` reduction times T^2 (DistilBERT) once averaged over the batch;
    ``class_mean=True`` with T^2 is the official PKD code's
    (intersun/PKD-for-BERT-Model-Compression, src/KD_loss.py).

    Args:
        student_logits: [B, C], any float dtype.
        teacher_logits: [B, C], any float dtype.
        temperature: T > 0.
        temperature_squared: Whether to multiply by T^2.
        class_mean: Whether to divide by C.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ or the temperature is not positive.
    """
    student_log, teacher_log = log_probabilities(
        student_logits, teacher_logits, temperature
    )
    terms = ops.exp(teacher_log) * (teacher_log - student_log)
    return _reduce(terms, temperature, temperature_squared, class_mean)


def logit_mse(student_logits: tf.Tensor, teacher_logits: tf.Tensor) -> tf.Tensor:
    """Mean squared difference of the logits over the classes.

        value_b = 1/C sum_c (z^S_c - z^T_c)^2

    Unlike the soft-label losses it sees a constant added to all logits of an example.
    With one output (regression) it is the squared difference to the teacher.

    Reference: Tang et al., "Distilling Task-Specific Knowledge from BERT into Simple
    Neural Networks" (2019), there as a sum over the classes.

    Args:
        student_logits: [B, C], any float dtype.
        teacher_logits: [B, C], any float dtype.

    Returns:
        float32 [B].

    Raises:
        ValueError: The shapes differ.
    """
    student_logits, teacher_logits = paired_logits(student_logits, teacher_logits)
    return ops.mean(ops.square(student_logits - teacher_logits), axis=-1)


def _reduce(
    terms: tf.Tensor,
    temperature: float | tf.Tensor,
    temperature_squared: bool,
    class_mean: bool,
) -> tf.Tensor:
    values = ops.mean(terms, axis=-1) if class_mean else ops.sum(terms, axis=-1)
    return values * temperature**2 if temperature_squared else values
