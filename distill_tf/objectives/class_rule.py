"""What a loss between predictions asks of the number of classes."""

from dataclasses import dataclass

from absl import logging

from distill_tf.errors import DistillError


@dataclass(frozen=True, kw_only=True)
class ClassRule:
    """The fewest classes that teach, and what is left of the loss with two.

    Attributes:
        fewest: with fewer the loss has nothing to teach, and is refused.
        why: the reason, and what to take instead.
        with_two: what a user with two classes is warned of; "" if nothing is lost.
    """

    fewest: int = 1
    why: str = ""
    with_two: str = ""

    def check(self, objective: str, classes: int) -> None:
        """Refuses too few classes, warns of two; the objective's name is told.

        Raises:
            DistillError: there are too few classes.
        """
        if classes < self.fewest:
            task = "a regression" if classes == 1 else f"a task of {classes} classes"
            raise DistillError(
                f"the objective {objective} cannot teach {task}: {self.why}."
            )
        if classes == 2 and self.with_two:
            logging.warning("The objective %s: %s.", objective, self.with_two)
