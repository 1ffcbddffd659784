"""The bidirectional LSTM layer alone, forward and back to inputs and weights."""

from taking_turns import Contestant

from workloads.bilstm import in_both_precisions
from workloads.bilstm import in_pytorch
from workloads.bilstm import lstm_cases
from workloads.workload import FLOAT32
from workloads.workload import Workload

_KERAS = ("keras",)

LSTM_LAYER = Workload(
    name="lstm_layer",
    what="The bidirectional LSTM layer alone, 300 wide, 24 tokens, forward and back.",
    contestants={
        **in_both_precisions("distill_tf", "distill_tf_lstm", "layer"),
        **in_both_precisions("Keras", "keras_lstm", "layer", needs=_KERAS),
        "Keras, unrolled, float32": Contestant(
            "contestants.keras_lstm",
            "layer",
            {"precision": FLOAT32, "unroll": True},
            _KERAS,
        ),
        "BlockLSTMV2 float32": Contestant(
            "contestants.keras_lstm", "kernel", needs=_KERAS
        ),
        **in_pytorch("PyTorch", "layer"),
        **in_pytorch("PyTorch, padded,", "layer", packed=False),
    },
    cases=lstm_cases,
)
