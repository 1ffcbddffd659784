"""What the Distiller asks of a teacher or student."""

from collections.abc import Mapping
from typing import Any
from typing import Protocol


class OutputsModel(Protocol):
    """A model whose insides can be looked at.

    `compute_outputs` gives a dict with at least `logits` [B, C], `features` [B, D]
    (the vector under the head) and `padding_mask` [B, L]; `BertEncoder` says which
    other names there are. A kind of model may leave out what it does not have: an
    objective that needs it says so.
    """

    num_classes: int

    def compute_outputs(
        self, inputs: Mapping[str, Any], training: bool | None = None
    ) -> dict[str, Any]: ...
