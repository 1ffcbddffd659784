"""Texts to a model's padded inputs, in the graph."""

import tensorflow as tf
import tensorflow.experimental.numpy as tnp

from distill_tf.text import EncodedBatch
from distill_tf.text import Encoder
from distill_tf.text import SeparateEncoder
from distill_tf.text.pair_layout import SIDES

# Of pairs that are read text by text, one such dict a side.
GraphInputs = dict[str, tf.Tensor] | dict[str, dict[str, tf.Tensor]]


def graph_inputs(encoder: Encoder, *texts: tf.Tensor) -> GraphInputs:
    """What `encode_all` and `pad` give, without the way through NumPy.

    Args:
        encoder: turns texts into token rows.
        texts: [n] tf.string once, or for pairs twice.

    Returns:
        `token_ids` and `segment_ids`, [n, L] int32, and `padding_mask`, [n, L] bool,
        L being the length of the longest row; of pairs whose texts are rows of their
        own, what the encoder's layout makes of such a dict a side.
    """
    if not isinstance(encoder, SeparateEncoder):
        return _padded(encoder.encode(*texts), encoder.vocabulary.pad_id)
    rows = [
        _padded_side(encoder, column, side)
        for column, side in zip(texts, SIDES, strict=False)
    ]
    return rows[0] if len(rows) == 1 else encoder.pair_layout.join(*rows, xp=tnp)


def tower_inputs(
    encoder: SeparateEncoder, texts: tf.Tensor, side: str
) -> dict[str, tf.Tensor]:
    """What `graph_inputs` gives for one side of pairs, from its texts alone."""
    row = _padded_side(encoder, texts, side)
    return encoder.pair_layout.tower(row, side, tnp)


def _padded_side(
    encoder: SeparateEncoder, texts: tf.Tensor, side: str
) -> dict[str, tf.Tensor]:
    layout = encoder.pair_layout
    width = layout.max_tokens[SIDES.index(side)] if layout.pads_to_max else None
    return _padded(encoder.encode(texts, side), encoder.vocabulary.pad_id, width)


def _padded(
    batch: EncodedBatch, pad_id: int, width: int | None = None
) -> dict[str, tf.Tensor]:
    token_ids = batch.token_ids.to_tensor(pad_id, shape=[None, width])
    return {
        "token_ids": token_ids,
        "segment_ids": batch.segment_ids.to_tensor(0, shape=[None, width]),
        "padding_mask": tf.sequence_mask(
            batch.token_ids.row_lengths(), tf.shape(token_ids)[1]
        ),
    }


def token_specs(encoder: Encoder, is_pair: bool) -> dict[str, tf.TensorSpec]:
    """The model's inputs under flat names, as a signature has them."""
    types = {
        "token_ids": tf.int32,
        "segment_ids": tf.int32,
        "padding_mask": tf.bool,
    }
    layout = encoder.settings.layout
    if layout in ("bipartite", "towers"):
        types["position_ids"] = tf.int32
    has_sides = is_pair and layout in ("separate", "towers")
    prefixes = [f"{side}_" for side in SIDES] if has_sides else [""]
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
        for side in SIDES
    }
