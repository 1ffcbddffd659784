"""What a workload is."""

import os
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from settings import Settings
from taking_turns import Contestant

BFLOAT16, FLOAT32 = "mixed_bfloat16", "float32"
ONE_THREAD_AN_OPERATION = {"num_threads": 1, "inter_op_threads": os.cpu_count()}
PYTORCH = ("torch", "transformers")


@dataclass(frozen=True)
class Case:
    """One shape of a workload.

    Attributes:
        amount: of the unit, in a pass.
        flops: floating-point operations of the matrix products in a pass; None where
            they are not counted.
        flops_of: the same of contestants that have other ones.
    """

    amount: float
    flops: float | None = None
    flops_of: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Workload:
    """Who does what.

    Attributes:
        name: also of its JSON file.
        what: one line for the report.
        contestants: by name; the name ends in the precision.
        cases: what a pass of each case amounts to, by case.
        unit: of the amounts; results are so many a second.
        beside: those that the others are compared with; by default the peers.
    """

    name: str
    what: str
    contestants: Mapping[str, Contestant]
    cases: Callable[[Settings], Mapping[str, Case]]
    unit: str = "examples"
    beside: tuple[str, ...] = ()
