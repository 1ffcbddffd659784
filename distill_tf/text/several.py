"""The same texts as several models read them, each in its own way."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from distill_tf.text.encoded import EncodedTexts
from distill_tf.text.encoded_pairs import EncodedPairs
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.preset_encoder import PresetEncoder
from distill_tf.text.separate_encoder import SeparateEncoder

_OneEncoder = TextEncoder | SeparateEncoder | PresetEncoder


@dataclass(frozen=True, eq=False)
class EncodedForSeveral:
    """The same n examples once a model.

    Attributes:
        parts: what each model reads; models that read alike share one.
    """

    parts: tuple[EncodedTexts | EncodedPairs, ...]

    def __len__(self) -> int:
        return len(self.parts[0])

    @property
    def lengths(self) -> np.ndarray:
        """[n] int64 token counts for the model that reads the most."""
        return np.max([part.lengths for part in self.parts], axis=0)

    @property
    def num_truncated(self) -> int:
        """The most rows that one model sees cut."""
        return max(part.num_truncated for part in self.parts)


class SeveralEncoders:
    """One encoder a model, equal ones being one object.

    Args:
        encoders: how each model reads.
    """

    def __init__(self, encoders: Sequence[_OneEncoder]):
        self.encoders = tuple(
            next(known for known in encoders if _read_alike(known, encoder))
            for encoder in encoders
        )

    @property
    def row_lengths(self) -> tuple[int, ...]:
        """The most tokens of each row that an example becomes."""
        return (self.max_seq_length,)

    @property
    def max_seq_length(self) -> int:
        """The most tokens that one of the models reads."""
        return max(encoder.max_seq_length for encoder in self.encoders)

    def encode_each(
        self, encode: Callable[[_OneEncoder], EncodedTexts | EncodedPairs]
    ) -> EncodedForSeveral:
        """Calls `encode` on each different encoder once."""
        encoded = {encoder: encode(encoder) for encoder in dict.fromkeys(self.encoders)}
        return EncodedForSeveral(tuple(encoded[each] for each in self.encoders))


def _read_alike(first: _OneEncoder, second: _OneEncoder) -> bool:
    if isinstance(first, PresetEncoder) or isinstance(second, PresetEncoder):
        return first is second
    return (
        first.settings == second.settings
        and first.vocabulary.tokens == second.vocabulary.tokens
    )
