"""BERT-base with random weights, batch 32, at fixed lengths."""

from bert_base_cases import fixed_length
from bert_base_cases import forward_case
from bert_base_cases import training_case
from taking_turns import Contestant

from workloads.training import one_pass
from workloads.workload import BFLOAT16
from workloads.workload import PYTORCH
from workloads.workload import Case
from workloads.workload import Workload


def _cases(settings):
    cases = {}
    for length in settings.base_lengths:
        fixed = fixed_length(settings, length)
        (training,) = one_pass(fixed, fixed.teacher, None).values()
        cases[training_case(length)] = training
        # A pass has as many examples of either; forward is a third of a step.
        forward = Case(amount=training.amount, flops=training.flops / 3)
        cases[forward_case(length)] = forward
    return cases


BERT_BASE = Workload(
    name="bert_base",
    what="BERT-base, batch 32, all rows of one length.",
    contestants={
        "distill_tf bfloat16": Contestant(
            "contestants.distill_tf_bert", "bert_base", {"precision": BFLOAT16}
        ),
        "KerasHub bfloat16": Contestant(
            "contestants.keras_bert",
            "bert_base",
            {"precision": BFLOAT16},
            ("keras_hub",),
        ),
        "PyTorch bfloat16": Contestant(
            "contestants.pytorch_bert", "bert_base", {"bfloat16": True}, PYTORCH
        ),
    },
    cases=_cases,
)
