"""Models in PyTorch that take each text as a row of token ids of its own."""

from typing import Any

from distill_tf.export.batches import in_batches
from distill_tf.export.exporter import TextsToLogits
from distill_tf.export.exporter import import_tool
from distill_tf.export.text_inputs import TextInputs
from distill_tf.text.pair_layout import SIDES

_INPUTS = ("input_ids", "attention_mask")


def logits_of_rows(model: Any, text_inputs: TextInputs) -> TextsToLogits:
    """Texts to a PyTorch model's logits.

    Args:
        model: takes token ids and mask, [n, L], of pairs those of both texts.
        text_inputs: gives them under the names of `flat_inputs`.
    """
    torch = import_tool("torch", "pytorch")

    def run(texts, texts_b):
        sides = [""] if texts_b is None else [f"{side}_" for side in SIDES]
        arrays = text_inputs(texts, texts_b)
        rows = (torch.tensor(arrays[side + name]) for side in sides for name in _INPUTS)
        with torch.inference_mode():
            return model(*rows).numpy()

    return in_batches(run, len(model.id2label))
