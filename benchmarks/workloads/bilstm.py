"""A training step of the recurrent student."""

from lstm_batches import case_name
from taking_turns import Contestant

from workloads.workload import BFLOAT16
from workloads.workload import FLOAT32
from workloads.workload import Case
from workloads.workload import Workload

_PRECISIONS = {"bfloat16": BFLOAT16, "float32": FLOAT32}


def lstm_flops_a_token(settings) -> float:
    """Inputs and states to four gates, both directions, forward and twice that back."""
    width = settings.lstm_width
    return 3 * 2 * 2 * (2 * width) * (4 * width)


def lstm_cases(settings):
    """Examples of a pass; no padding is counted out."""
    a_token = lstm_flops_a_token(settings)
    cases = {}
    for batch in settings.lstm_batches:
        examples = batch * settings.lstm_steps
        flops = a_token * settings.lstm_length * examples
        cases[case_name(batch)] = Case(amount=examples, flops=flops)
    return cases


def in_both_precisions(
    name: str, module: str, function: str, needs: tuple[str, ...] = (), **options
) -> dict[str, Contestant]:
    """A contestant of Keras' that takes a dtype policy, in bfloat16 and float32."""
    return {
        f"{name} {dtype}": Contestant(
            f"contestants.{module}", function, {"precision": policy, **options}, needs
        )
        for dtype, policy in _PRECISIONS.items()
    }


def in_pytorch(name: str, function: str, **options) -> dict[str, Contestant]:
    return {
        f"{name} {dtype}": Contestant(
            "contestants.pytorch_lstm",
            function,
            {"bfloat16": dtype == "bfloat16", **options},
            ("torch",),
        )
        for dtype in _PRECISIONS
    }


BILSTM = Workload(
    name="bilstm",
    what="A training step of a BiLSTM student, 300 wide, 30,522 words, 24 tokens.",
    contestants={
        **in_both_precisions("distill_tf", "distill_tf_lstm", "step"),
        **in_both_precisions(
            "distill_tf, lazy embeddings,", "distill_tf_lstm", "step", lazy_rows=True
        ),
        **in_both_precisions("Keras", "keras_lstm", "step", needs=("keras",)),
        **in_pytorch("PyTorch", "step"),
    },
    cases=lstm_cases,
)
