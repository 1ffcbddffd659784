"""The outputs of a teacher as columns of flat rows, without padding."""

import math
from dataclasses import dataclass

import ml_dtypes
import numpy as np

from distill_tf.data.padding import Inputs
from distill_tf.models.outputs import TOKEN_AXES
from distill_tf.objectives import Features
from distill_tf.objectives import ModelOutputs

# Given back from the inputs, which hold it already.
MASK = "padding_mask"


@dataclass(frozen=True)
class Column:
    """One output of the teacher, of one layer if it has one a layer.

    A row is an example's values in C order, those at padding left out: of hidden
    states [L, H], of attention scores [heads, L, L]. Logits are kept in float32, all
    else in bfloat16.

    Attributes:
        output: the name of the model output.
        layer: which of its layers, from 0; None if it has no layers.
        shape: of an example, with None where it runs over the tokens.
    """

    output: str
    layer: int | None
    shape: tuple[int | None, ...]

    @property
    def name(self) -> str:
        return self.output if self.layer is None else f"{self.output}/{self.layer}"

    @property
    def dtype(self) -> np.dtype:
        return np.dtype(np.float32 if self.output == "logits" else ml_dtypes.bfloat16)

    @property
    def runs_over_tokens(self) -> bool:
        return None in self.shape

    def sizes(self, lengths: np.ndarray) -> np.ndarray:
        """Values [n] of rows of so many tokens."""
        fixed = math.prod(size for size in self.shape if size is not None)
        return fixed * np.asarray(lengths, np.int64) ** self.shape.count(None)

    def num_bytes(self, lengths: np.ndarray) -> int:
        """What rows of so many tokens take on disk."""
        return int(self.sizes(lengths).sum()) * self.dtype.itemsize

    def pick(self, outputs: ModelOutputs):
        """Its tensor [B, ...] among the teacher's outputs."""
        value = outputs[self.output]
        return value if self.layer is None else value[self.layer]

    def flatten(self, values: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
        """Padded values [B, ...] as rows end to end.

        Args:
            values: what `pick` gave.
            mask: [B, L], true at tokens; not read if nothing runs over tokens.
        """
        values = np.asarray(values).astype(self.dtype, copy=False)
        if self.runs_over_tokens and not mask.all():
            values = values[self._tokens(values.shape, mask)]
        return values.reshape(-1)

    def restore(
        self, rows: np.ndarray, batch_size: int, mask: np.ndarray | None
    ) -> np.ndarray:
        """Rows end to end as padded values [B, ...], 0 at padding."""
        length = None if mask is None else mask.shape[1]
        shape = [batch_size, *(length if n is None else n for n in self.shape)]
        if not self.runs_over_tokens or mask.all():
            return rows.reshape(shape)
        values = np.zeros(shape, self.dtype)
        selected = self._tokens(shape, mask)
        values[selected] = rows.reshape(-1, *shape[selected.ndim :])
        return values

    def _tokens(self, shape, mask: np.ndarray) -> np.ndarray:
        """Where values stand, over the axes up to the last one that has tokens."""
        axes = [i for i, size in enumerate(self.shape, start=1) if size is None]
        selected = np.ones((), bool)
        for axis in axes:
            along = [1] * (axes[-1] + 1)
            along[0], along[axis] = mask.shape
            selected = selected & mask.reshape(along)
        return np.broadcast_to(selected, shape[: axes[-1] + 1])


def columns_of(features: Features, outputs: ModelOutputs) -> tuple[Column, ...]:
    """The columns that hold some of a teacher's outputs.

    Args:
        features: which outputs, and which of their layers, -1 being the last one.
        outputs: the teacher's, on any batch.
    """
    columns = []
    for name, layers in features.items():
        if name == MASK:
            continue
        for layer in (None,) if layers is None else layers:
            column = column_of(name, layer, outputs)
            if column not in columns:
                columns.append(column)
    return tuple(columns)


def column_of(name: str, layer: int | None, outputs: ModelOutputs) -> Column:
    """The column of one output and layer; see `columns_of`."""
    value = outputs[name]
    if layer is not None:
        layer %= len(value)
        value = value[layer]
    shape = tuple(
        None if axis in TOKEN_AXES.get(name, ()) else int(size)
        for axis, size in enumerate(value.shape)
    )
    return Column(name, layer, shape[1:])


def padding_mask(inputs: Inputs) -> np.ndarray | None:
    """[B, L], true at the tokens of what a model reads; a pair's texts in a row.

    None if that is more than one reading of an example.
    """
    if isinstance(inputs, dict):
        if MASK in inputs:
            return np.asarray(inputs[MASK])
        if inputs.keys() == {"first", "second"}:
            sides = (padding_mask(inputs[side]) for side in ("first", "second"))
            return np.concatenate(list(sides), axis=1)
    return None
