"""The weights of a Keras model under canonical names, out of it and into it."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from operator import attrgetter

import keras
import numpy as np

from distill_tf.checkpoints.report import MappingReport
from distill_tf.checkpoints.report import Misshapen
from distill_tf.checkpoints.weight_table import HEAD_NAMES
from distill_tf.checkpoints.weight_table import POOLER_NAMES
from distill_tf.checkpoints.weight_table import encoder_weights
from distill_tf.errors import DistillError
from distill_tf.models.bert import BertEncoder
from distill_tf.models.bert import TransformerLayer
from distill_tf.models.classifier import BertClassifier

# A checkpoint may lack these; then the model keeps its initial values.
_OPTIONAL = (POOLER_NAMES, HEAD_NAMES)


def named_weights(model: BertEncoder | BertClassifier) -> dict[str, np.ndarray]:
    """A built model's weights, float32, under canonical names.

    The exact inverse of `load_named_weights`. A classifier also gives
    "output_weights" [C, H] and "output_bias" [C].
    """
    return {slot.name: slot.read() for slot in _slots(model)}


def named_layer_weights(layer: TransformerLayer) -> dict[str, np.ndarray]:
    """A built layer's weights under canonical names, as if it were an encoder's first.

    That is, "bert/encoder/layer_0/...".
    """
    prefix = "transformer_layers.0."
    return {
        row.name: _Slot(
            row.name,
            row.path,
            attrgetter(row.path.removeprefix(prefix))(layer),
            row.third,
        ).read()
        for row in encoder_weights(replace(layer.config, num_hidden_layers=1))
        if row.path.startswith(prefix)
    }


def load_named_weights(
    model: BertEncoder | BertClassifier,
    weights: Mapping[str, np.ndarray],
    source: str,
    unused: Sequence[str] = (),
) -> MappingReport:
    """Copies canonical weights into a built model, all or nothing.

    A pooler or head that the weights lack altogether keeps its initial values and
    is reported as missing; head weights that an encoder has no place for are
    reported as unused.

    Args:
        model: the encoder or classifier to fill.
        weights: arrays under canonical names.
        source: where the weights come from, for messages.
        unused: further names in the source that no format reader wanted.

    Raises:
        DistillError: a weight of the encoder is missing, half of a pooler or head
            is, or a shape differs. Nothing has been assigned then.
    """
    slots = _slots(model)
    report = _compare(slots, weights, source, unused)
    _refuse_missing(report)
    _refuse_misshapen(report)
    found = [slot for slot in slots if slot.name in weights]
    # The fused variable is filled whole, since none of its three parts may be absent.
    arrays = {slot.path: np.empty(slot.variable.shape, "float32") for slot in found}
    for slot in found:
        slot.write(weights[slot.name], arrays[slot.path])
    for slot in found:
        if slot.path in arrays:
            slot.variable.assign(arrays.pop(slot.path))
    return report


@dataclass(frozen=True)
class _Slot:
    """The place in a model's variable that one canonical array fills."""

    name: str
    path: str
    variable: keras.Variable
    third: int | None = None
    is_transposed: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return self._view(np.broadcast_to(0.0, self.variable.shape)).shape

    def read(self) -> np.ndarray:
        return np.array(self._view(self.variable.numpy()), "float32", order="C")

    def write(self, weight: np.ndarray, array: np.ndarray) -> None:
        """Puts a canonical weight into its part of the variable's `array`."""
        self._view(array)[...] = weight

    def _view(self, array: np.ndarray) -> np.ndarray:
        if self.third is not None:
            width = array.shape[-1] // 3
            return array[..., self.third * width : (self.third + 1) * width]
        return array.T if self.is_transposed else array


def _slots(model: BertEncoder | BertClassifier) -> list[_Slot]:
    encoder = model.encoder if isinstance(model, BertClassifier) else model
    slots = [
        _Slot(row.name, row.path, _variable(encoder, row.path), row.third)
        for row in encoder_weights(encoder.config)
    ]
    if isinstance(model, BertClassifier):
        kernel, bias = model.output_dense.kernel, model.output_dense.bias
        weights_name, bias_name = HEAD_NAMES
        slots.append(_Slot(weights_name, weights_name, kernel, is_transposed=True))
        slots.append(_Slot(bias_name, bias_name, bias))
    return slots


def _variable(encoder: BertEncoder, path: str) -> keras.Variable:
    head, _, rest = path.partition(".")
    if head != "transformer_layers":
        return attrgetter(path)(encoder)
    index, _, rest = rest.partition(".")
    return attrgetter(rest)(encoder.transformer_layers[int(index)])


def _compare(
    slots: Sequence[_Slot],
    weights: Mapping[str, np.ndarray],
    source: str,
    unused: Sequence[str],
) -> MappingReport:
    shapes = {slot.name: slot.shape for slot in slots}
    found = {name: weights[name].shape for name in shapes if name in weights}
    return MappingReport(
        source=source,
        mapped=tuple(name for name in found if found[name] == shapes[name]),
        unused=(*(name for name in weights if name not in shapes), *unused),
        missing=tuple(name for name in shapes if name not in weights),
        misshapen=tuple(
            Misshapen(name, shapes[name], found[name])
            for name in found
            if found[name] != shapes[name]
        ),
    )


def _refuse_missing(report: MappingReport) -> None:
    absent = set(report.missing)
    allowed = {
        name for group in _OPTIONAL if absent.issuperset(group) for name in group
    }
    needed = [name for name in report.missing if name not in allowed]
    if needed:
        more = f" and {len(needed) - 1} more" if len(needed) > 1 else ""
        raise DistillError(
            f"{report.source} lacks {needed[0]}{more}, which the model needs; give a "
            "complete BERT checkpoint and the configuration that belongs to it."
        )


def _refuse_misshapen(report: MappingReport) -> None:
    misshapen = report.misshapen
    if not misshapen:
        return
    more = f" and {len(misshapen) - 1} more" if len(misshapen) > 1 else ""
    mend = (
        "load it without its head, or build the model with as many classes"
        if misshapen[0].name in HEAD_NAMES
        else "give the bert_config.json that belongs to the checkpoint"
    )
    raise DistillError(
        f"shapes in {report.source} differ from the model's: {misshapen[0]}{more}; "
        f"{mend}."
    )
