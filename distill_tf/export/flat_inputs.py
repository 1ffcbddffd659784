"""Model inputs under the names that runtimes outside TensorFlow know them by."""

from collections.abc import Mapping
from typing import Any

import keras

_NAMES = {
    "token_ids": "input_ids",
    "segment_ids": "token_type_ids",
    "padding_mask": "attention_mask",
    "position_ids": "position_ids",
}


def input_names(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The same structure with an outside name in each array's place.

    `token_ids` is `input_ids`, `segment_ids` `token_type_ids` and `padding_mask`
    `attention_mask`, as the tokenizers library and most files for ONNX Runtime have
    them. Of pairs that are read text by text the names start with `first_` and
    `second_`.

    Args:
        inputs: what `distill_tf.data.batches.pad` gives, or its like with other leaves.
    """
    return {
        name: _NAMES.get(name)
        or {leaf: f"{name}_{inner}" for leaf, inner in input_names(each).items()}
        for name, each in inputs.items()
    }


def flat_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs side by side, under the names that `input_names` gives them."""
    names = keras.tree.flatten(input_names(inputs))
    return dict(zip(names, keras.tree.flatten(inputs), strict=True))


def length_name(name: str) -> str:
    """What the length of an input is called: `length`, or of a side `first_length`."""
    for outside in _NAMES.values():
        name = name.removesuffix(outside)
    return f"{name}length"
