"""What a workload is."""

import dataclasses
import os
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from settings import Settings
from taking_turns import Contestant

BFLOAT16, FLOAT32 = "mixed_bfloat16", "float32"
ONE_THREAD_AN_OPERATION = {"num_threads": 1, "inter_op_threads": os.cpu_count()}
PYTORCH = ("torch", "transformers")
# The options by which contestants know a precision.
_IN_FLOAT32 = {"precision": FLOAT32, "bfloat16": False, "dtype": "float32"}


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

    def in_float32(self) -> "Workload":
        """With every contestant in float32, for processors that have no bfloat16."""

        def cases(settings: Settings) -> dict[str, Case]:
            return {
                name: dataclasses.replace(case, flops_of=_renamed(case.flops_of))
                for name, case in self.cases(settings).items()
            }

        contestants = {
            name: dataclasses.replace(
                each,
                options={
                    option: _IN_FLOAT32.get(option, value)
                    for option, value in each.options.items()
                },
            )
            for name, each in _renamed(self.contestants).items()
        }
        return dataclasses.replace(
            self,
            contestants=contestants,
            cases=cases,
            beside=tuple(_renamed(dict.fromkeys(self.beside))),
        )


def _renamed(named: Mapping[str, Any]) -> dict[str, Any]:
    """Once each where there were two precisions of one."""
    return {name.replace("bfloat16", "float32"): each for name, each in named.items()}
