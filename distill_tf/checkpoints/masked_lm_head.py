"""The masked-language-model head of a pre-trained BERT, read from its files."""

import numpy as np

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.extra_arrays import has_extra_arrays
from distill_tf.checkpoints.extra_arrays import read_extra_arrays
from distill_tf.errors import DistillError

# google-research/bert's names, each with those that Hugging Face's transformers have
# had for it. Every dense kernel of theirs is the transpose.
_NAMES = {
    "cls/predictions/transform/dense/kernel": (
        "cls.predictions.transform.dense.weight",
    ),
    "cls/predictions/transform/dense/bias": ("cls.predictions.transform.dense.bias",),
    "cls/predictions/transform/LayerNorm/gamma": (
        "cls.predictions.transform.LayerNorm.weight",
        "cls.predictions.transform.LayerNorm.gamma",
    ),
    "cls/predictions/transform/LayerNorm/beta": (
        "cls.predictions.transform.LayerNorm.bias",
        "cls.predictions.transform.LayerNorm.beta",
    ),
    "cls/predictions/output_bias": (
        "cls.predictions.bias",
        "cls.predictions.decoder.bias",
    ),
}
_KERNEL, *_, _OUTPUT_BIAS = _NAMES


def has_masked_lm_head(checkpoint: BertCheckpoint) -> bool:
    """Whether `read_masked_lm_head` would find one."""
    return has_extra_arrays(checkpoint, _NAMES)


def read_masked_lm_head(
    checkpoint: BertCheckpoint, mend: str = "give a pre-trained BERT with one"
) -> dict[str, np.ndarray]:
    """Reads the head that `load_checkpoint` leaves unused.

    Args:
        checkpoint: a Google checkpoint or Hugging Face folder.
        mend: what to do where there is no head, for the message.

    Returns:
        float32 arrays under google-research/bert's names, those of
        `distill_tf.models.masked_lm_head.NAMES`; the word embeddings, which the head
        shares, are among the checkpoint's weights.

    Raises:
        DistillError: there is no such head, or its sizes are not the encoder's.
    """
    weights = read_extra_arrays(checkpoint, _NAMES, "masked-language-model head")
    if weights is None:
        raise DistillError(
            f"{checkpoint.source} has no masked-language-model head "
            f"(cls/predictions), which predicts words; {mend}."
        )
    width = checkpoint.config.hidden_size
    shapes = {
        _KERNEL: (width, width),
        _OUTPUT_BIAS: (checkpoint.config.vocab_size,),
    }
    for name, array in weights.items():
        expected = shapes.get(name, (width,))
        if array.shape != expected:
            raise DistillError(
                f"{name} in {checkpoint.source} was expected to have the shape "
                f"{expected}, but has {array.shape}; fetch the checkpoint again."
            )
    return weights
