"""What each of the things that make a training step fast is worth."""

from taking_turns import Contestant

from workloads.tinybert import INTERMEDIATE
from workloads.workload import BFLOAT16
from workloads.workload import Workload

_ALL = "distill_tf bfloat16"
# Keys of contestants.undone, which imports TensorFlow.
_UNDONE = (
    "fused update",
    "own gradient of GELU",
    "trained GELU compiled",
    "GELU joined to its product",
    "own gradient of LayerNorm",
    "16-bit dropout",
    "own gradient of biases",
    "bias apart from its product",
    "kernel for frozen weights",
    "teacher rounded once",
    "freed memory kept",
    "padding in steps of two",
)

UNDONE = Workload(
    name="undone",
    what="TinyBERT's first stage without one of the things that make it fast.",
    contestants={
        _ALL: INTERMEDIATE.contestants[_ALL],
        **{
            f"without {name}, bfloat16": Contestant(
                "contestants.undone",
                "tinybert_without",
                {"precision": BFLOAT16, "undone": name},
            )
            for name in _UNDONE
        },
    },
    cases=INTERMEDIATE.cases,
    beside=(_ALL,),
)
