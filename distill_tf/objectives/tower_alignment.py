"""Where the tokens of two towers are among those of a cross-encoder.

A tower reads `[CLS] a PAD.. [SEP]`, the teacher both texts as
`[CLS] a PAD.. [SEP] b PAD.. [SEP]`, each padded as far as in its tower.
"""

from typing import Any

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.models.interactions import SIDES
from distill_tf.objectives.objective import ModelOutputs
from distill_tf.objectives.objective import check_offered


def tower_tokens(tensor: Any, axis: int) -> Any:
    """A tower's positions along an axis, without the first and the last one."""
    return tensor[(slice(None),) * axis + (slice(1, -1),)]


def teacher_tokens(tensor: Any, side: str, first_length: Any, axis: int) -> Any:
    """The teacher's positions of one text along an axis, aligned with its tower's.

    Args:
        tensor: with all of the teacher's positions along the axis.
        side: "first" or "second".
        first_length: padded tokens of the first text.
        axis: the axis of positions.
    """
    span = (
        slice(1, first_length + 1) if side == "first" else slice(first_length + 2, -1)
    )
    return tensor[(slice(None),) * axis + (span,)]


def check_aligned_towers(
    objective: str, student: ModelOutputs, teacher: ModelOutputs
) -> None:
    """Refuses a teacher whose tokens are elsewhere than the towers'.

    Args:
        objective: the name of the objective that compares them.
        student: a two-tower student's outputs on a small batch.
        teacher: the teacher's on the same texts.

    Raises:
        DistillError: the student has no towers, or the teacher reads another layout
            or other tokens.
    """
    for side in SIDES:
        check_offered(objective, "student", student, side)
    check_offered(objective, "teacher", teacher, "padding_mask")
    first, second = (np.asarray(student[side]["padding_mask"]) for side in SIDES)
    aligned = np.concatenate([first, second[:, 1:]], axis=1)
    if not np.array_equal(aligned, np.asarray(teacher["padding_mask"])):
        raise DistillError(
            f"the objective {objective} needs a teacher that reads a pair as [CLS] a "
            "PAD [SEP] b PAD [SEP], with the towers' tokens and lengths; fine-tune it "
            "with run_classifier.py --input_layout=bipartite, or choose method=kd."
        )
