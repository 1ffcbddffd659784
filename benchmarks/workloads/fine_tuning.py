"""Fine-tuning the teacher on labels."""

from workloads.bert_training import keras_contestants
from workloads.bert_training import our_contestants
from workloads.bert_training import pytorch_contestants
from workloads.training import one_pass
from workloads.workload import Workload

FINE_TUNING = Workload(
    name="fine_tuning",
    what="Fine-tuning a BERT of 6 layers, 384 wide, on texts as long as SST-2's.",
    contestants={
        **our_contestants(
            "fine_tuning",
            {},
            {
                "one operation at a time": {"inter_op_threads": 1},
                "compiled": {"jit_compile": "true"},
            },
        ),
        **keras_contestants("KerasHub", "fine_tuning"),
        **pytorch_contestants("fine_tuning"),
    },
    cases=lambda settings: one_pass(settings, settings.teacher, None),
)
