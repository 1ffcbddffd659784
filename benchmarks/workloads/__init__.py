"""What is measured, one file a workload."""

from workloads.bert_base import BERT_BASE
from workloads.bilstm import BILSTM
from workloads.bilstm_distilling import BILSTM_DISTILLING
from workloads.fine_tuning import FINE_TUNING
from workloads.inference import INFERENCE
from workloads.late_fusion import LATE_FUSION
from workloads.lstm_layer import LSTM_LAYER
from workloads.products import PRODUCTS
from workloads.scoring import SCORING
from workloads.theseus import THESEUS
from workloads.tinybert import INTERMEDIATE
from workloads.tinybert import PREDICTION
from workloads.undone import UNDONE
from workloads.workload import FLOAT32
from workloads.workload import Workload

WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        PRODUCTS,
        FINE_TUNING,
        INTERMEDIATE,
        PREDICTION,
        BERT_BASE,
        THESEUS,
        LATE_FUSION,
        BILSTM,
        BILSTM_DISTILLING,
        LSTM_LAYER,
        INFERENCE,
        SCORING,
        UNDONE,
    )
}


def workloads_in(precision: str) -> dict[str, Workload]:
    """All of them, by name.

    Args:
        precision: a dtype policy that is the highest to take part: where it is float32
            those of bfloat16 compute in float32 too.
    """
    if precision != FLOAT32:
        return WORKLOADS
    return {name: workload.in_float32() for name, workload in WORKLOADS.items()}
