"""A BERT cut to the layers that `layer_list` names."""

from dataclasses import replace

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.errors import DistillError

_LAYER_PREFIX = "bert/encoder/layer_"


def layers_of(whole: BertCheckpoint, layer_list: str) -> BertCheckpoint:
    """The same BERT with the layers that a list such as "0,2,5" names, in its order.

    Raises:
        DistillError: the list is none, or names a layer that is not there.
    """
    layers = _parse_layer_list(layer_list, whole)
    return replace(
        whole,
        config=replace(whole.config, num_hidden_layers=len(layers)),
        weights=weights_of_layers(whole.weights, layers),
    )


def weights_of_layers(weights: dict, layers: tuple[int, ...]) -> dict:
    """The canonical weights of a BERT that has only these layers, renumbered.

    Everything outside of the layers (embeddings, pooler, head) stays.
    """
    chosen = {k: v for k, v in weights.items() if not k.startswith(_LAYER_PREFIX)}
    for new, old in enumerate(layers):
        prefix = f"{_LAYER_PREFIX}{old}/"
        for name, weight in weights.items():
            if name.startswith(prefix):
                rest = name.removeprefix(prefix)
                chosen[f"{_LAYER_PREFIX}{new}/{rest}"] = weight
    return chosen


def _parse_layer_list(layer_list: str, whole: BertCheckpoint) -> tuple[int, ...]:
    try:
        layers = tuple(int(part) for part in layer_list.split(","))
    except ValueError:
        raise DistillError(
            "layer_list must be numbers separated by commas, such as 0,2,5, but is "
            f"{layer_list!r}; correct it."
        ) from None
    there = whole.config.num_hidden_layers
    wrong = [layer for layer in layers if not 0 <= layer < there]
    if wrong:
        raise DistillError(
            f"layer_list names layer {wrong[0]}, but {whole.source} has layers 0 to "
            f"{there - 1}; correct it, or leave it out (--layer_list=) for all of them."
        )
    return layers
