"""Theseus' first stage, 12 layers to 3: what a step costs that computes one branch."""

from bert_base_cases import fixed_length
from taking_turns import Contestant

from workloads.workload import BFLOAT16
from workloads.workload import Case
from workloads.workload import Workload


def _cases(settings):
    fixed = fixed_length(settings, settings.theseus_length, settings.theseus_steps)
    return {"": Case(amount=fixed.examples)}


def _ours(function: str) -> Contestant:
    options = {"precision": BFLOAT16}
    return Contestant("contestants.distill_tf_theseus", function, options)


_BOTH_BRANCHES = "both branches, bfloat16"

THESEUS = Workload(
    name="theseus",
    what="Replacing modules of BERT-base by layers, 4 to 1, at random, 64 tokens.",
    contestants={
        "what is drawn, bfloat16": _ours("what_is_drawn"),
        _BOTH_BRANCHES: _ours("both_branches"),
        "the successor alone, bfloat16": _ours("successor_alone"),
    },
    cases=_cases,
    beside=(_BOTH_BRANCHES,),
)
