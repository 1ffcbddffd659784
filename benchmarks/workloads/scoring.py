"""One query against many documents: read before by two towers, or by a cross-encoder.

The cross-encoder's pairs are token ids before the clock starts; the towers turn the
query into token ids, encode it and score, as `DocumentIndex.score` does.
"""

from taking_turns import Contestant

from workloads.workload import BFLOAT16
from workloads.workload import PYTORCH
from workloads.workload import Case
from workloads.workload import Workload

_MODEL_TYPES = "late_fusion", "sbert", "col"

SCORING = Workload(
    name="scoring",
    what="A query of 16 tokens against 1,000 documents of 128, all models 6 x 384.",
    contestants={
        **{
            f"distill_tf, {model_type}, bfloat16": Contestant(
                "contestants.distill_tf_towers",
                "scoring",
                {"precision": BFLOAT16, "model_type": model_type},
            )
            for model_type in _MODEL_TYPES
        },
        "distill_tf, cross-encoder, bfloat16": Contestant(
            "contestants.distill_tf_bert", "scoring", {"precision": BFLOAT16}
        ),
        "PyTorch, cross-encoder, bfloat16": Contestant(
            "contestants.pytorch_bert", "scoring", {"bfloat16": True}, PYTORCH
        ),
    },
    cases=lambda settings: {"": Case(amount=settings.documents)},
    unit="documents",
)
