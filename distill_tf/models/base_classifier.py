"""What classifiers of all kinds share: how they are called, saved and copied."""

import math
from abc import ABC
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any
from typing import ClassVar
from typing import Self

import keras


class BaseClassifier(keras.Model, ABC):
    """A configuration and a number of classes; calling it gives the logits.

    Subclasses name their configuration, which has `to_dict` and `from_dict`, and give
    `logits`, float32 [B, num_classes], with all else in `compute_outputs`.
    `num_classes` is 1 for regression.
    """

    config_type: ClassVar[type]

    def __init__(self, config: Any, num_classes: int, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.num_classes = num_classes

    def call(self, inputs, training=None):
        return self.compute_outputs(inputs, training=training)["logits"]

    @abstractmethod
    def compute_outputs(
        self, inputs: Mapping[str, Any], training: bool | None = None
    ) -> dict[str, Any]:
        """The logits, and what distillation looks at."""

    @property
    def num_parameters(self) -> int:
        """Stored numbers, frozen ones among them; dropout's seeds are none."""
        return sum(math.prod(weight.shape) for weight in self.weights)

    def get_config(self):
        return {
            **super().get_config(),
            "config": self.config.to_dict(),
            "num_classes": self.num_classes,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        return cls(cls.config_type.from_dict(config.pop("config")), **config)

    def with_precision(self, dtype_policy: str) -> Self:
        """A copy with the same weights that computes under another dtype policy.

        Under "bfloat16" the copy is for computing alone: its weights must not change
        any more, and its graphs are for TensorFlow on this kind of machine, not to be
        compiled by XLA or exported; see `distill_tf.models.frozen_linear`.
        """
        copy = type(self).from_config({**self.get_config(), "dtype": dtype_policy})
        copy.set_weights(self.get_weights())
        return copy
