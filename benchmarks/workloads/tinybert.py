"""Both stages of TinyBERT, 6 x 384 to 4 x 312, mostly with a live teacher."""

from taking_turns import Contestant

from workloads.bert_training import IN_TWO_PARTS
from workloads.bert_training import LAZY
from workloads.bert_training import keras_contestants
from workloads.bert_training import our_contestants
from workloads.bert_training import our_names
from workloads.bert_training import pytorch_contestants
from workloads.training import one_pass
from workloads.workload import PYTORCH
from workloads.workload import Workload

_ON_DISK = {
    "teacher on disk": {"on_disk": True},
    "teacher on disk, batches in two parts": {"on_disk": True, **IN_TWO_PARTS},
    "teacher on disk, lazy embeddings, batches in two parts": {
        "on_disk": True,
        **LAZY,
        **IN_TWO_PARTS,
    },
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
    on_disk = our_names(_ON_DISK)
    return one_pass(settings, settings.student, settings.teacher, on_disk)


INTERMEDIATE = Workload(
    name="tinybert_intermediate",
    what="TinyBERT's first stage, 6 x 384 to 4 x 312: attention maps, hidden states.",
    contestants={
        **our_contestants("tinybert", {"stage": "intermediate"}, _ON_DISK),
        **pytorch_contestants("tinybert_intermediate"),
        **_textbrewer("intermediate"),
    },
    cases=_live_teacher,
)
PREDICTION = Workload(
    name="tinybert_prediction",
    what="TinyBERT's second stage, 6 x 384 to 4 x 312: predictions.",
    contestants={
        **our_contestants("tinybert", {"stage": "prediction"}, _ON_DISK),
        **pytorch_contestants("tinybert_prediction"),
        **_textbrewer("prediction"),
        **keras_contestants("Keras Distiller", "tinybert_prediction"),
    },
    cases=_live_teacher,
)
