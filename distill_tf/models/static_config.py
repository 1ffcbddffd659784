"""The sizes and constants of a static student."""

from dataclasses import dataclass
from typing import ClassVar

from distill_tf.models.word_config import WordConfig


@dataclass(frozen=True, kw_only=True)
class StaticConfig(WordConfig):
    """Hyper-parameters of `StaticClassifier`."""

    kind: ClassVar[str] = "static student"

    embedding_size: int = 256
    dense_size: int = 256

    @property
    def text_width(self) -> int:
        return self.embedding_size

    def text_flops(self, length: int) -> int:
        """n E: the additions of the mean, the only work that grows with the text."""
        return length * self.embedding_size
