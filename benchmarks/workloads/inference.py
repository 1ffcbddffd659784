"""Inference of teacher and student, one by one and in batches."""

from inference_cases import case_name
from taking_turns import Contestant

from workloads.workload import BFLOAT16
from workloads.workload import FLOAT32
from workloads.workload import PYTORCH
from workloads.workload import Case
from workloads.workload import Workload


def _cases(settings):
    return {
        case_name(model, batch, length): Case(amount=settings.inference_calls * batch)
        for model in settings.models
        for batch in settings.inference_batches
        for length in settings.inference_lengths
    }


INFERENCE = Workload(
    name="inference",
    what="Logits of teacher (6 x 384) and student (4 x 312), from NumPy to NumPy.",
    contestants={
        f"{library} {dtype}": Contestant(
            f"contestants.{module}", "inference", {keyword: value}, needs
        )
        for dtype, policy in (("bfloat16", BFLOAT16), ("float32", FLOAT32))
        for library, module, keyword, value, needs in (
            ("distill_tf", "distill_tf_bert", "precision", policy, ()),
            ("KerasHub", "keras_bert", "precision", policy, ("keras_hub",)),
            ("PyTorch", "pytorch_bert", "bfloat16", dtype == "bfloat16", PYTORCH),
        )
    },
    cases=_cases,
)
