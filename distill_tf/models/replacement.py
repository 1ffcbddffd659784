"""How often Theseus' successor modules take their predecessors' places."""

from dataclasses import dataclass
from typing import Any

from keras import ops


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """The probability of a replacement as a function of the steps that are done.

    Constant, `start`; or, with `linear_k`, min(1, start + linear_k * step); or, with
    `steps`, `start` for so many steps and 1 from then on. As in
    JetRunner/BERT-of-Theseus, where however a constant without a number of steps is 1
    from the second step on.

    Attributes:
        start: the probability at first, 0 to 1.
        linear_k: what each step adds; 0 for none.
        steps: steps until it jumps to 1; 0 for never.
    """

    start: float
    linear_k: float = 0.0
    steps: int = 0

    def __post_init__(self):
        if self.linear_k and self.steps:
            raise ValueError(
                f"linear_k is {self.linear_k} and steps is {self.steps}, but the "
                "probability either rises or jumps"
            )

    def __call__(self, step: Any) -> Any:
        """The probability, float32, after so many steps; perhaps a tensor."""
        step = ops.cast(step, "float32")
        if self.steps:
            return ops.where(step < self.steps, self.start, 1.0)
        return ops.minimum(self.start + self.linear_k * step, 1.0)

    def describe(self) -> str:
        """The schedule in a few words, for the log."""
        if self.linear_k:
            return f"{self.start:g} + {self.linear_k:g} a step, at most 1"
        return (
            f"{self.start:g}, 1 after {self.steps} steps"
            if self.steps
            else (f"{self.start:g}")
        )
