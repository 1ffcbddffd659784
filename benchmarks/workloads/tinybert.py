"""Both stages of TinyBERT, 6 x 384 to 4 x 312, mostly with a live teacher."""

from taking_turns import Contestant

from workloads.training import one_pass
from workloads.workload import BFLOAT16
from workloads.workload import FLOAT32
from workloads.workload import ONE_THREAD_AN_OPERATION
from workloads.workload import PYTORCH
from workloads.workload import PYTORCH_PADDING
from workloads.workload import Workload

_ON_DISK = "distill_tf, teacher on disk, bfloat16"
_ON_DISK_IN_PARTS = "distill_tf, teacher on disk, batches in two parts, bfloat16"
_ON_DISK_LAZY_IN_PARTS = (
    "distill_tf, teacher on disk, lazy embeddings, batches in two parts, bfloat16"
)


def _ours(stage: str, precision: str, **options) -> Contestant:
    options = {"stage": stage, "precision": precision, **options}
    return Contestant("contestants.distill_tf_bert", "tinybert", options)


def _all_ours(stage: str) -> dict[str, Contestant]:
    return {
        "distill_tf bfloat16": _ours(stage, BFLOAT16),
        "distill_tf, batches in memory, bfloat16": _ours(stage, BFLOAT16, ready=True),
        "distill_tf, 512 tokens a batch, bfloat16": _ours(
            stage, BFLOAT16, tokens_per_batch=512
        ),
        "distill_tf, lazy embeddings, bfloat16": _ours(
            stage, BFLOAT16, embedding_optimizer="lazy"
        ),
        _ON_DISK: _ours(stage, BFLOAT16, on_disk=True),
        "distill_tf, one thread an operation, bfloat16": _ours(
            stage, BFLOAT16, **ONE_THREAD_AN_OPERATION
        ),
        "distill_tf, batches in two parts, bfloat16": _ours(
            stage, BFLOAT16, batch_parts=2
        ),
        "distill_tf, lazy embeddings, batches in two parts, bfloat16": _ours(
            stage, BFLOAT16, embedding_optimizer="lazy", batch_parts=2
        ),
        _ON_DISK_IN_PARTS: _ours(stage, BFLOAT16, on_disk=True, batch_parts=2),
        _ON_DISK_LAZY_IN_PARTS: _ours(
            stage, BFLOAT16, on_disk=True, embedding_optimizer="lazy", batch_parts=2
        ),
        "distill_tf float32": _ours(stage, FLOAT32),
    }


def _pytorch(stage: str) -> dict[str, Contestant]:
    return {
        f"{name} {dtype}": Contestant(
            "contestants.pytorch_bert",
            f"tinybert_{stage}",
            {"bfloat16": dtype == "bfloat16", "padding": padding},
            PYTORCH,
        )
        for name, padding in PYTORCH_PADDING.items()
        for dtype in ("bfloat16", "float32")
    }


def _textbrewer(stage: str) -> dict[str, Contestant]:
    return {
        f"TextBrewer {dtype}": Contestant(
            "contestants.textbrewer_bert",
            "tinybert",
            {"stage": stage, "bfloat16": dtype == "bfloat16"},
            (*PYTORCH, "textbrewer"),
        )
        for dtype in ("bfloat16", "float32")
    }


def _live_teacher(settings):
    on_disk = (_ON_DISK, _ON_DISK_IN_PARTS, _ON_DISK_LAZY_IN_PARTS)
    return one_pass(settings, settings.student, settings.teacher, on_disk)


INTERMEDIATE = Workload(
    name="tinybert_intermediate",
    what="TinyBERT's first stage, 6 x 384 to 4 x 312: attention maps, hidden states.",
    contestants={
        **_all_ours("intermediate"),
        **_pytorch("intermediate"),
        **_textbrewer("intermediate"),
    },
    cases=_live_teacher,
)
PREDICTION = Workload(
    name="tinybert_prediction",
    what="TinyBERT's second stage, 6 x 384 to 4 x 312: predictions.",
    contestants={
        **_all_ours("prediction"),
        **_pytorch("prediction"),
        **_textbrewer("prediction"),
        **{
            f"Keras Distiller {name}": Contestant(
                "contestants.keras_bert",
                "tinybert_prediction",
                {"precision": precision},
                ("keras_hub",),
            )
            for name, precision in (("bfloat16", BFLOAT16), ("float32", FLOAT32))
        },
    },
    cases=_live_teacher,
)
