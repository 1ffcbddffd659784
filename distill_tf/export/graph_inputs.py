"""Texts to a model's padded inputs, in the graph."""

import tensorflow as tf

from distill_tf.text import EncodedBatch
from distill_tf.text import Encoder
from distill_tf.text import SeparateEncoder

# Of pairs that are read text by text, one such dict a side.
GraphInputs = dict[str, tf.Tensor] | dict[str, dict[str, tf.Tensor]]

PAIR_SIDES = ("first", "second")


def graph_inputs(encoder: Encoder, *texts: tf.Tensor) -> GraphInputs:
    """What `encode_all` and `pad` give, without the way through NumPy.

    Args:
        encoder: turns texts into token rows.
        texts: [n] tf.string once, or for pairs twice.

    Returns:
        `token_ids` and `segment_ids`, [n, L] int32, and `padding_mask`, [n, L] bool,
        L being the length of the longest row; for pairs that are read text by text
        such a dict in `first` and one in `second`.
    """
    if not isinstance(encoder, SeparateEncoder):
        return _padded(encoder.encode(*texts), encoder.vocabulary.pad_id)
    rows = [_padded(encoder.encode(t), encoder.vocabulary.pad_id) for t in texts]
    return rows[0] if len(rows) == 1 else dict(zip(PAIR_SIDES, rows, strict=True))


def _padded(batch: EncodedBatch, pad_id: int) -> dict[str, tf.Tensor]:
    token_ids = batch.token_ids.to_tensor(pad_id)
    return {
        "token_ids": token_ids,
        "segment_ids": batch.segment_ids.to_tensor(0),
        "padding_mask": tf.sequence_mask(
            batch.token_ids.row_lengths(), tf.shape(token_ids)[1]
        ),
    }


def token_specs(is_separate_pair: bool) -> dict[str, tf.TensorSpec]:
    """The model's inputs under flat names, as a signature has them."""
    types = {
        "token_ids": tf.int32,
        "segment_ids": tf.int32,
        "padding_mask": tf.bool,
    }
    prefixes = [f"{side}_" for side in PAIR_SIDES] if is_separate_pair else [""]
    return {
        prefix + name: tf.TensorSpec([None, None], dtype, prefix + name)
        for prefix in prefixes
        for name, dtype in types.items()
    }


def unflatten(tensors: dict[str, tf.Tensor]) -> GraphInputs:
    """The model's inputs from flat names."""
    if "token_ids" in tensors:
        return tensors
    return {
        side: {
            name.removeprefix(f"{side}_"): tensor
            for name, tensor in tensors.items()
            if name.startswith(f"{side}_")
        }
        for side in PAIR_SIDES
    }
