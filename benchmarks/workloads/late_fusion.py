"""Two towers, 6 x 384: distilled by VIRT, and without a teacher."""

from batches import make_pairs
from taking_turns import Contestant

from workloads.training import encoder_flops
from workloads.workload import BFLOAT16
from workloads.workload import ONE_THREAD_AN_OPERATION
from workloads.workload import PYTORCH
from workloads.workload import Case
from workloads.workload import Workload

_ON_DISK = "distill_tf, teacher on disk, bfloat16"
_ALONE = "distill_tf, labels alone, bfloat16"
_SBERT = "distill_tf, sbert, labels alone, bfloat16"
_PYTORCH_ALONE = "PyTorch, labels alone, bfloat16"


def _ours(model_type: str, method: str, **options) -> Contestant:
    options = {
        "precision": BFLOAT16,
        "model_type": model_type,
        "method": method,
        **options,
    }
    return Contestant("contestants.distill_tf_towers", "distillation", options)


def _pytorch(**options) -> Contestant:
    return Contestant("contestants.pytorch_towers", "distillation", options, PYTORCH)


def _cases(settings):
    """The towers' layers, and the teacher's; what joins the towers is left out."""
    first, second = (texts.lengths for texts in make_pairs(settings))
    # With [CLS] and [SEP], and two of the latter in one row.
    towers = sum(encoder_flops(settings.teacher, side + 2) for side in (first, second))
    teacher = encoder_flops(settings.teacher, first + second + 3)
    alone = (_ON_DISK, _ALONE, _SBERT, _PYTORCH_ALONE)
    return {
        "": Case(
            amount=settings.examples,
            flops=3 * towers + teacher,
            flops_of=dict.fromkeys(alone, 3 * towers),
        )
    }


LATE_FUSION = Workload(
    name="late_fusion",
    what="VIRT: late_fusion learns from a cross-encoder, both 6 x 384; sbert alone.",
    contestants={
        "distill_tf bfloat16": _ours("late_fusion", "virt"),
        _ON_DISK: _ours("late_fusion", "virt", on_disk=True),
        "distill_tf, one thread an operation, bfloat16": _ours(
            "late_fusion", "virt", **ONE_THREAD_AN_OPERATION
        ),
        "distill_tf, batches in two parts, bfloat16": _ours(
            "late_fusion", "virt", batch_parts=2
        ),
        _ALONE: _ours("late_fusion", "none"),
        _SBERT: _ours("sbert", "none"),
        "PyTorch bfloat16": _pytorch(bfloat16=True),
        "PyTorch float32": _pytorch(bfloat16=False),
        _PYTORCH_ALONE: _pytorch(bfloat16=True, is_taught=False),
    },
    cases=_cases,
    beside=("PyTorch bfloat16", "PyTorch float32"),
)
