"""Fine-tuning the teacher on labels."""

from taking_turns import Contestant

from workloads.training import one_pass
from workloads.workload import BFLOAT16
from workloads.workload import FLOAT32
from workloads.workload import ONE_THREAD_AN_OPERATION
from workloads.workload import PYTORCH
from workloads.workload import PYTORCH_PADDING
from workloads.workload import Workload


def _ours(precision: str, **options) -> Contestant:
    options = {"precision": precision, **options}
    return Contestant("contestants.distill_tf_bert", "fine_tuning", options)


FINE_TUNING = Workload(
    name="fine_tuning",
    what="Fine-tuning a BERT of 6 layers, 384 wide, on texts as long as SST-2's.",
    contestants={
        "distill_tf bfloat16": _ours(BFLOAT16),
        "distill_tf, batches in memory, bfloat16": _ours(BFLOAT16, ready=True),
        "distill_tf, 512 tokens a batch, bfloat16": _ours(
            BFLOAT16, tokens_per_batch=512
        ),
        "distill_tf, lazy embeddings, bfloat16": _ours(
            BFLOAT16, embedding_optimizer="lazy"
        ),
        "distill_tf, one operation at a time, bfloat16": _ours(
            BFLOAT16, inter_op_threads=1
        ),
        "distill_tf, one thread an operation, bfloat16": _ours(
            BFLOAT16, **ONE_THREAD_AN_OPERATION
        ),
        "distill_tf, batches in two parts, bfloat16": _ours(BFLOAT16, batch_parts=2),
        "distill_tf, lazy embeddings, batches in two parts, bfloat16": _ours(
            BFLOAT16, embedding_optimizer="lazy", batch_parts=2
        ),
        "distill_tf, compiled, bfloat16": _ours(BFLOAT16, jit_compile="true"),
        "distill_tf float32": _ours(FLOAT32),
        **{
            f"KerasHub {name}": Contestant(
                "contestants.keras_bert",
                "fine_tuning",
                {"precision": precision},
                ("keras_hub",),
            )
            for name, precision in (("bfloat16", BFLOAT16), ("float32", FLOAT32))
        },
        **{
            f"{name} {dtype}": Contestant(
                "contestants.pytorch_bert",
                "fine_tuning",
                {"bfloat16": dtype == "bfloat16", "padding": padding},
                PYTORCH,
            )
            for name, padding in PYTORCH_PADDING.items()
            for dtype in ("bfloat16", "float32")
        },
    },
    cases=lambda settings: one_pass(settings, settings.teacher, None),
)
