"""Shape checks of the losses, made while a graph is traced, so free at run time."""

from collections.abc import Mapping

import tensorflow as tf

_LENGTH_MEND = "encode the example with the same tokenizer and padding for both models"
_HIDDEN_STATE_AXES = {
    "batch size": "feed both models the same batch",
    "length": _LENGTH_MEND,
    "width": "project the student's hidden states to the teacher's width first",
}


def check_same_shape(
    what: str, student: tf.Tensor, teacher: tf.Tensor, axes: Mapping[str, str]
) -> None:
    """Refuses a student and a teacher tensor whose known dimensions differ.

    Dimensions that are unknown while tracing pass.

    Args:
        what: What the tensors hold, for the message, e.g. ``"logits"``.
        student: The student's tensor.
        teacher: The teacher's tensor.
        axes: For every axis in order, its name and how to mend a difference there.

    Raises:
        ValueError: A tensor has another rank, or a dimension differs.
    """
    student_shape = tuple(student.shape)
    teacher_shape = tuple(teacher.shape)
    shapes = f"student {what} of shape {student_shape} and teacher {what} of shape "
    shapes += f"{teacher_shape}"
    if not len(student_shape) == len(teacher_shape) == len(axes):
        names = ", ".join(axes)
        raise ValueError(f"Expected axes ({names}), but got {shapes}.")
    for (axis, mend), student_size, teacher_size in zip(
        axes.items(), student_shape, teacher_shape, strict=True
    ):
        if _differ(student_size, teacher_size):
            raise ValueError(f"Got {shapes}, which differ in {axis}: {mend}.")


def check_hidden_states(
    student: tf.Tensor, teacher: tf.Tensor, mask: tf.Tensor
) -> None:
    """Refuses hidden states [B, L, H] that differ in shape, or a mask not [B, L].

    Raises:
        ValueError: as `check_same_shape` and `check_token_mask`.
    """
    check_same_shape("hidden states", student, teacher, _HIDDEN_STATE_AXES)
    check_token_mask(mask, student.shape[0], student.shape[1])


def check_attention_scores(
    student: tf.Tensor, teacher: tf.Tensor, heads_mend: str
) -> None:
    """Refuses attention scores [B, heads, queries, keys] that differ in shape.

    Args:
        student: The student's scores.
        teacher: The teacher's.
        heads_mend: What to do if the numbers of heads differ.

    Raises:
        ValueError: as `check_same_shape`.
    """
    axes = {
        "batch size": "feed both models the same batch",
        "number of heads": heads_mend,
        "query length": _LENGTH_MEND,
        "key length": _LENGTH_MEND,
    }
    check_same_shape("attention scores", student, teacher, axes)


def check_same_batch(what: str, student: tf.Tensor, teacher: tf.Tensor) -> None:
    """Refuses tensors that are not [batch, width] with one batch size.

    The widths may differ; dimensions that are unknown while tracing pass.

    Raises:
        ValueError: A tensor has another rank, or the batch sizes differ.
    """
    shapes = tuple(student.shape), tuple(teacher.shape)
    if not all(len(shape) == 2 for shape in shapes) or _differ(
        shapes[0][0], shapes[1][0]
    ):
        raise ValueError(
            f"Expected {what} of shape (batch, width) from student and teacher, but "
            f"got {shapes[0]} and {shapes[1]}: feed both models the same batch."
        )


def check_token_mask(mask: tf.Tensor, batch: int | None, length: int | None) -> None:
    """Refuses a mask that is not [batch, length]; unknown dimensions pass.

    Raises:
        ValueError: The mask has another rank or another size; without this check a
            mask [B, 1] would silently be broadcast over the tokens.
    """
    shape = tuple(mask.shape)
    if len(shape) != 2 or _differ(shape[0], batch) or _differ(shape[1], length):
        raise ValueError(
            f"Expected a padding mask of shape ({batch}, {length}), one entry per "
            f"token, but got shape {shape}: pass the mask of the batch that the "
            "student and the teacher encoded."
        )


def check_head_vectors(owner: str, vectors: tf.Tensor, mask: tf.Tensor) -> None:
    """Refuses queries, keys or values that are not [B, heads, L, d] beside [B, L].

    Args:
        owner: Whose they are, for the message.
        vectors: Queries, keys or values.
        mask: The padding mask of their tokens.

    Raises:
        ValueError: They have another rank, or the mask does not fit them.
    """
    shape = tuple(vectors.shape)
    if len(shape) != 4:
        raise ValueError(
            "Expected axes (batch size, number of heads, length, head size), but got "
            f"{owner} vectors of shape {shape}."
        )
    check_token_mask(mask, shape[0], shape[2])


def check_labels(logits: tf.Tensor, labels: tf.Tensor) -> None:
    """Refuses logits and labels that are not [batch, classes] and [batch].

    Raises:
        ValueError: A tensor has another rank.
    """
    if len(logits.shape) != 2 or len(labels.shape) != 1:
        raise ValueError(
            "Expected logits of shape (batch, classes) and labels of shape (batch,), "
            f"but got {tuple(logits.shape)} and {tuple(labels.shape)}: pass one label "
            "per row, not a one-hot row or a column."
        )


def _differ(size: int | None, other: int | None) -> bool:
    return size is not None and other is not None and size != other
