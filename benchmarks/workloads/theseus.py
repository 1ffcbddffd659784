"""Theseus' first stage, 12 layers to 3: what a step costs that computes one branch."""

from batches import make_texts
from bert_base_cases import fixed_length
from taking_turns import Contestant

from workloads.training import encoder_flops
from workloads.workload import BFLOAT16
from workloads.workload import Case
from workloads.workload import Workload

_DRAWN = "what is drawn, bfloat16"
_BOTH_BRANCHES = "both branches, bfloat16"
_ALONE = "the successor alone, bfloat16"


def _cases(settings):
    """Forward and back to rows, and where layers are trained to their weights too.

    Half of the modules are drawn.
    """
    fixed = fixed_length(settings, settings.theseus_length, settings.theseus_steps)
    predecessor = encoder_flops(settings.base, make_texts(fixed).lengths)
    trained, frozen = 3 * predecessor / settings.theseus_ratio, 2 * predecessor
    return {
        "": Case(
            amount=fixed.examples,
            flops_of={
                _DRAWN: (trained + frozen) / 2,
                _BOTH_BRANCHES: trained + frozen,
                _ALONE: trained,
            },
        )
    }


def _ours(function: str) -> Contestant:
    options = {"precision": BFLOAT16}
    return Contestant("contestants.distill_tf_theseus", function, options)


THESEUS = Workload(
    name="theseus",
    what="Replacing modules of BERT-base by layers, 4 to 1, at random, 64 tokens.",
    contestants={
        _DRAWN: _ours("what_is_drawn"),
        _BOTH_BRANCHES: _ours("both_branches"),
        _ALONE: _ours("successor_alone"),
    },
    cases=_cases,
    beside=(_BOTH_BRANCHES,),
)
