"""Two towers, 6 x 384: distilled by VIRT, and without a teacher."""

from taking_turns import Contestant

from workloads.workload import BFLOAT16
from workloads.workload import ONE_THREAD_AN_OPERATION
from workloads.workload import Case
from workloads.workload import Workload


def _ours(model_type: str, method: str, **options) -> Contestant:
    options = {
        "precision": BFLOAT16,
        "model_type": model_type,
        "method": method,
        **options,
    }
    return Contestant("contestants.distill_tf_towers", "distillation", options)


_ALONE = "sbert, labels alone, bfloat16"

LATE_FUSION = Workload(
    name="late_fusion",
    what="VIRT: late_fusion learns from a cross-encoder, both 6 x 384; sbert alone.",
    contestants={
        "late_fusion, virt, bfloat16": _ours("late_fusion", "virt"),
        "late_fusion, virt, teacher on disk, bfloat16": _ours(
            "late_fusion", "virt", on_disk=True
        ),
        "late_fusion, virt, one thread an operation, bfloat16": _ours(
            "late_fusion", "virt", **ONE_THREAD_AN_OPERATION
        ),
        "late_fusion, labels alone, bfloat16": _ours("late_fusion", "none"),
        _ALONE: _ours("sbert", "none"),
    },
    cases=lambda settings: {"": Case(amount=settings.examples)},
    beside=(_ALONE,),
)
