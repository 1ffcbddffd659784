"""The average of several classifiers' logits."""

import itertools
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from distill_tf.models.outputs import OutputsModel


class AverageModel:
    """A weighted average of logits: sum over members of weight x logits.

    Logits are all it gives. Only for inference.

    Args:
        members: classifiers of the same classes; each reads its own inputs.
        weights: one a member; they are divided by their sum.
    """

    def __init__(self, members: Sequence[OutputsModel], weights: Sequence[float]):
        self.members = tuple(members)
        self.weights = tuple(weight / sum(weights) for weight in weights)
        self.num_classes = self.members[0].num_classes

    def __call__(self, inputs, training=None):
        return self.compute_outputs(inputs, training=training)["logits"]

    def compute_outputs(
        self, inputs: Sequence[Mapping[str, Any]], training: bool | None = None
    ) -> dict[str, Any]:
        """`logits`, float32 [B, C]; `inputs` holds one member's after the other's."""
        return {
            "logits": sum(
                weight * member.compute_outputs(each, training=training)["logits"]
                for member, weight, each in zip(
                    self.members, self.weights, inputs, strict=True
                )
            )
        }

    @property
    def parts(self) -> tuple[Any, ...]:
        """What it is made of, for the teacher cache."""
        made_of = (getattr(member, "parts", (member,)) for member in self.members)
        return (*itertools.chain(*made_of), self.weights)

    @property
    def num_parameters(self) -> int:
        return sum(member.num_parameters for member in self.members)

    def flops(self, length: int) -> int:
        """Operations of all members on one example of `length` tokens."""
        return sum(member.flops(length) for member in self.members)

    def with_precision(self, dtype_policy: str) -> "AverageModel":
        """The same average, computed under another Keras dtype policy.

        See `BaseClassifier.with_precision`.
        """
        members = [member.with_precision(dtype_policy) for member in self.members]
        return AverageModel(members, self.weights)
