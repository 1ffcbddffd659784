"""Whether a configuration belongs to a checkpoint, told from the weights' shapes."""

import re
from collections.abc import Mapping

from distill_tf.checkpoints.weight_table import encoder_weights
from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig

_LAYER_NUMBER = re.compile(r"bert/encoder/layer_(\d+)/")


def check_sizes(
    shapes: Mapping[str, tuple[int, ...]],
    config: BertConfig,
    source: str,
    config_source: str,
) -> None:
    """Compares a checkpoint's shapes with its configuration.

    Args:
        shapes: shapes under canonical names; other names are ignored.
        config: what the configuration says.
        source: where the weights come from, for messages.
        config_source: where the configuration comes from, for messages.

    Raises:
        DistillError: there is no BERT in the checkpoint, or a size differs; the
            message names both numbers. Absent weights are left to
            `load_named_weights`, which knows what the model can do without.
    """
    layers = {int(m[1]) for m in map(_LAYER_NUMBER.match, shapes) if m}
    if not layers:
        first = ", ".join(sorted(shapes)[:3]) or "nothing at all"
        raise DistillError(
            f"{source} was expected to hold a BERT encoder (bert/encoder/layer_0/... "
            f"in google-research/bert's names), but holds {first}; give the checkpoint "
            "of a BERT."
        )
    sizes = {"num_hidden_layers": (max(layers) + 1, f"up to layer_{max(layers)}")}
    for row in encoder_weights(config):
        shape = shapes.get(row.name, ())
        for field, size in zip(row.shape, shape, strict=False):
            sizes.setdefault(field, (size, f"{row.name} is {list(shape)}"))
    for field, (size, evidence) in sizes.items():
        configured = getattr(config, field)
        if size != configured:
            raise DistillError(
                f"{config_source} says {field} is {configured}, but {source} has "
                f"{size} ({evidence}); give the configuration that belongs to the "
                "checkpoint."
            )
