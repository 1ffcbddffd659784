"""A recurrent student that learns logits by Tang's method."""

from taking_turns import Contestant

from workloads.bilstm import lstm_flops_a_token
from workloads.training import one_pass
from workloads.training import text_lengths
from workloads.workload import BFLOAT16
from workloads.workload import PYTORCH
from workloads.workload import Case
from workloads.workload import Workload

_ON_DISK = "distill_tf, teacher on disk, bfloat16"
_LAZY_ON_DISK = "distill_tf, teacher on disk, lazy embeddings, bfloat16"


def _ours(**options) -> Contestant:
    options = {"precision": BFLOAT16, **options}
    return Contestant("contestants.distill_tf_lstm", "distillation", options)


def _cases(settings):
    (whole,) = one_pass(settings, None, settings.teacher).values()
    tokens = float(text_lengths(settings).sum())
    student = lstm_flops_a_token(settings) * tokens
    return {
        "": Case(
            amount=whole.amount,
            flops=whole.flops + student,
            flops_of=dict.fromkeys((_ON_DISK, _LAZY_ON_DISK), student),
        )
    }


BILSTM_DISTILLING = Workload(
    name="bilstm_distilling",
    what="A BiLSTM student, 300 wide, learns the logits of a BERT of 6 x 384.",
    contestants={
        "distill_tf bfloat16": _ours(),
        _ON_DISK: _ours(on_disk=True),
        _LAZY_ON_DISK: _ours(on_disk=True, embedding_optimizer="lazy"),
        "distill_tf, batches in two parts, bfloat16": _ours(batch_parts=2),
        **{
            f"PyTorch {dtype}": Contestant(
                "contestants.pytorch_lstm_distilling",
                "distillation",
                {"bfloat16": dtype == "bfloat16"},
                PYTORCH,
            )
            for dtype in ("bfloat16", "float32")
        },
    },
    cases=_cases,
)
