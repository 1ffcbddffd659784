"""What the students without attention have in common: vectors of words, and a head."""

from abc import ABC
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from typing import Any
from typing import ClassVar
from typing import Self

from distill_tf.errors import DistillError
from distill_tf.models.activations import ACTIVATIONS
from distill_tf.models.pair_features import PAIR_FEATURES
from distill_tf.models.pair_features import PAIR_WIDTH


@dataclass(frozen=True, kw_only=True)
class WordConfig(ABC):
    """Hyper-parameters of `WordClassifier`; its subclasses add the encoder's.

    Attributes:
        vocab_size: words, with padding and the unknown one.
        embedding_size: width of a word's vector.
        train_embeddings: whether training changes the vectors.
        initializer_range: deviation of new vectors.
        is_pair: whether an example is two texts, which share the encoder.
        pair_features: how their two vectors become one, a name in `PAIR_FEATURES`.
        dense_size: width of the layer under the head; 0 leaves it out, so that
            the activation acts on the text's vector itself.
        activation: a name in `ACTIVATIONS`.
        embedding_dropout_prob: share of the embeddings that training drops.
        dropout_prob: share of the activations under the head that training drops.
    """

    kind: ClassVar[str] = "word classifier"

    vocab_size: int
    embedding_size: int = 300
    train_embeddings: bool = True
    initializer_range: float = 0.1
    is_pair: bool = False
    pair_features: str = "concat_diff_product"
    dense_size: int = 300
    activation: str = "relu"
    embedding_dropout_prob: float = 0.0
    dropout_prob: float = 0.1

    def __post_init__(self):
        self._check_whole("vocab_size", 1)
        self._check_whole("embedding_size", 1)
        self._check_whole("dense_size", 0)
        self._check_probability("embedding_dropout_prob")
        self._check_probability("dropout_prob")
        self._check_choice("pair_features", PAIR_FEATURES)
        self._check_choice("activation", ACTIVATIONS)
        if not self.initializer_range > 0:
            raise DistillError(
                f"initializer_range must be above 0, but is {self.initializer_range!r};"
                " correct the configuration."
            )

    @property
    @abstractmethod
    def text_width(self) -> int:
        """Width of one text's vector."""

    @abstractmethod
    def text_flops(self, length: int) -> int:
        """Operations that make the vector of a text of `length` tokens."""

    @property
    def features_width(self) -> int:
        """Width of what is under the hidden layer."""
        return self.text_width * (PAIR_WIDTH if self.is_pair else 1)

    def flops(self, length: int, num_classes: int) -> int:
        """Floating-point operations of one forward pass over one example.

        Twice the multiply-adds of the matrix products, for a pair over two texts of
        `length` tokens each.
        """
        top = self.dense_size or self.features_width
        dense = 2 * self.features_width * self.dense_size
        texts = 2 if self.is_pair else 1
        return texts * self.text_flops(length) + dense + 2 * top * num_classes

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise DistillError(
                f"the configuration of a {cls.kind} has no "
                f"{', '.join(sorted(unknown))}; remove the key or correct its name."
            )
        return cls(**values)

    def _check_whole(self, name: str, minimum: int) -> None:
        value = getattr(self, name)
        if type(value) is not int or value < minimum:
            raise DistillError(
                f"{name} of a {self.kind} must be a whole number of at least "
                f"{minimum}, but is {value!r}; correct the configuration."
            )

    def _check_probability(self, name: str) -> None:
        value = getattr(self, name)
        if not 0 <= value < 1:
            raise DistillError(
                f"{name} must lie in [0, 1), but is {value!r}; correct the "
                "configuration."
            )

    def _check_choice(self, name: str, choices) -> None:
        value = getattr(self, name)
        if value not in choices:
            raise DistillError(
                f"{name} must be one of {', '.join(sorted(choices))}, but is "
                f"{value!r}; correct the configuration."
            )
