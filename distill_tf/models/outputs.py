"""What the Distiller asks of a teacher or student."""

from collections.abc import Mapping
from typing import Any
from typing import Protocol

# Which axes of an output run over the tokens; other outputs have none.
TOKEN_AXES: Mapping[str, tuple[int, ...]] = {
    "padding_mask": (1,),
    "hidden_states": (1,),
    "queries": (2,),
    "keys": (2,),
    "values": (2,),
    "attention_scores": (2, 3),
}


class OutputsModel(Protocol):
    """A model whose insides can be looked at.

    `compute_outputs` gives a dict with at least `logits` [B, C], `features` [B, D]
    (the vector under the head) and `padding_mask` [B, L]; `BertEncoder` says which
    other names there are. A kind of model may leave out what it does not have: an
    objective that needs it says so.

    One that is no `keras.Model` itself names in `parts` the Keras models and the plain
    values that it is made of, so that what it says can be kept on disk for as long as
    those stay the same.

    One that in training draws something for a whole batch at once says so with
    `draws_for_the_batch`: its batches are not computed in parts.
    """

    num_classes: int

    def compute_outputs(
        self, inputs: Mapping[str, Any], training: bool | None = None
    ) -> dict[str, Any]: ...
