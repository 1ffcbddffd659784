"""What is measured, one file a workload."""

from workloads.bert_base import BERT_BASE
from workloads.bilstm import BILSTM
from workloads.fine_tuning import FINE_TUNING
from workloads.inference import INFERENCE
from workloads.lstm_layer import LSTM_LAYER
from workloads.products import PRODUCTS
from workloads.tinybert import INTERMEDIATE
from workloads.tinybert import PREDICTION
from workloads.workload import Workload

WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        PRODUCTS,
        FINE_TUNING,
        INTERMEDIATE,
        PREDICTION,
        BERT_BASE,
        BILSTM,
        LSTM_LAYER,
        INFERENCE,
    )
}
