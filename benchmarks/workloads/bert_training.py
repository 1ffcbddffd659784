"""Who trains a BERT on texts, each library in one or several ways."""

from collections.abc import Mapping
from typing import Any

from taking_turns import Contestant

from workloads.workload import BFLOAT16
from workloads.workload import FLOAT32
from workloads.workload import ONE_THREAD_AN_OPERATION
from workloads.workload import PYTORCH

LAZY = {"embedding_optimizer": "lazy"}
IN_TWO_PARTS = {"batch_parts": 2}
_OUR_WAYS = {
    "": {},
    "batches in memory": {"ready": True},
    "512 tokens a batch": {"tokens_per_batch": 512},
    "lazy embeddings": LAZY,
    "one thread an operation": ONE_THREAD_AN_OPERATION,
    "batches in two parts": IN_TWO_PARTS,
    "lazy embeddings, batches in two parts": {**LAZY, **IN_TWO_PARTS},
}
_PYTORCH_PADDING = {
    "": "short steps",
    "in steps of eight": "steps of eight",
    "padded to 128": "maximum length",
}


def our_contestants(
    function: str, options: Mapping[str, Any], further_ways: Mapping[str, Mapping]
) -> dict[str, Contestant]:
    """In bfloat16 in every way, in float32 in the usual one.

    Args:
        function: of contestants.distill_tf_bert.
        options: of the function, in all ways.
        further_ways: those of this workload alone; name -> options.
    """

    def contestant(precision: str, way: Mapping[str, Any]) -> Contestant:
        return Contestant(
            "contestants.distill_tf_bert",
            function,
            {**options, "precision": precision, **way},
        )

    ways = {**_OUR_WAYS, **further_ways}
    return {
        **{_name("distill_tf", way): contestant(BFLOAT16, ways[way]) for way in ways},
        _name("distill_tf", "", "float32"): contestant(FLOAT32, {}),
    }


def our_names(ways: Mapping[str, Mapping]) -> tuple[str, ...]:
    """Of the contestants in these ways."""
    return tuple(_name("distill_tf", way) for way in ways)


def pytorch_contestants(function: str) -> dict[str, Contestant]:
    """In both precisions, padded in every way.

    Args:
        function: of contestants.pytorch_bert.
    """
    return {
        _name("PyTorch", way, dtype): Contestant(
            "contestants.pytorch_bert",
            function,
            {"bfloat16": dtype == "bfloat16", "padding": padding},
            PYTORCH,
        )
        for way, padding in _PYTORCH_PADDING.items()
        for dtype in ("bfloat16", "float32")
    }


def keras_contestants(library: str, function: str) -> dict[str, Contestant]:
    """On KerasHub's BERT, in both precisions.

    Args:
        library: as the results call it.
        function: of contestants.keras_bert.
    """
    return {
        _name(library, "", dtype): Contestant(
            "contestants.keras_bert", function, {"precision": precision}, ("keras_hub",)
        )
        for dtype, precision in (("bfloat16", BFLOAT16), ("float32", FLOAT32))
    }


def _name(library: str, way: str, dtype: str = "bfloat16") -> str:
    return f"{library}, {way}, {dtype}" if way else f"{library} {dtype}"
