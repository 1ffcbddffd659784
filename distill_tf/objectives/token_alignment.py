"""Whether student and teacher read the same tokens."""

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.objectives.objective import ModelOutputs


def check_same_tokens(
    objective: str, student: ModelOutputs, teacher: ModelOutputs
) -> None:
    """Refuses models that split the examples of a small batch differently.

    Args:
        objective: the name of the objective that compares token by token.
        student: the student's outputs on the batch.
        teacher: the teacher's.

    Raises:
        DistillError: an example has another number of tokens.
    """
    # Batches are padded to rounded lengths, so equal shapes alone would prove little.
    lengths = [
        np.asarray(outputs["padding_mask"]).sum(axis=1).tolist()
        for outputs in (student, teacher)
    ]
    if lengths[0] != lengths[1]:
        raise DistillError(
            f"the objective {objective} compares token by token, but the student reads "
            f"{lengths[0]} tokens where the teacher reads {lengths[1]}; let both use "
            "the same vocabulary."
        )
