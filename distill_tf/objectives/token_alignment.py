"""Whether student and teacher read the same tokens, where a loss pairs them."""

from collections.abc import Iterable

from distill_tf.errors import DistillError
from distill_tf.objectives.objective import Objective


def check_same_tokens(objectives: Iterable[Objective], tokens_are_shared: bool) -> None:
    """Refuses what compares token by token, if the two models read other tokens.

    Args:
        objectives: what the student learns.
        tokens_are_shared: whether both read the same tokens of every example.

    Raises:
        DistillError: one of them compares tokens that are not the same.
    """
    for objective in objectives:
        if objective.compares_tokens and not tokens_are_shared:
            raise DistillError(
                f"the objective {objective.name} compares token by token, but the "
                "training texts are other tokens for the student than for the teacher; "
                "let both use the same vocabulary and casing, or choose a method that "
                "compares predictions, such as kd."
            )
