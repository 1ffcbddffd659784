"""How far a stage has come; saved with the weights, so that it can go on."""

from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from typing import Any


@dataclass(kw_only=True)
class Progress:
    """Position and record of one stage.

    Attributes:
        epoch: epochs finished.
        batch: batches seen of the epoch after those.
        step: training steps done in all.
        best: the best value so far of the task's first metric, None before any.
        best_step: where that was.
        evaluations_since_best: evaluations without a better one.
        stopped_early: whether patience or time ran out.
        seconds: time spent training, over all calls.
        evaluations: one dict an evaluation: step, and metrics by name.
        losses: one dict a log line: step, and the means of the losses since the one
            before.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    best: float | None = None
    best_step: int = 0
    evaluations_since_best: int = 0
    stopped_early: bool = False
    seconds: float = 0.0
    evaluations: list[dict[str, Any]] = field(default_factory=list)
    losses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def evaluated_at(self) -> int | None:
        """The step of the last evaluation, None before any."""
        return self.evaluations[-1]["step"] if self.evaluations else None

    def record(self, metrics: dict[str, float], value: float) -> bool:
        """Notes an evaluation; true if its value is the best so far."""
        self.evaluations.append({"step": self.step, **metrics})
        if self.best is not None and value <= self.best:
            self.evaluations_since_best += 1
            return False
        self.best, self.best_step, self.evaluations_since_best = value, self.step, 0
        return True

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
