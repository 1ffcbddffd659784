"""Factor transfer: paraphrase what the teacher knows, then translate to it."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from keras import ops

from distill_tf.losses import hidden_state_mse
from distill_tf.objectives.factor_maps import FactorMaps
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.objective import check_offered
from distill_tf.objectives.tokens_first import tokens_first


@dataclass(frozen=True, kw_only=True)
class FactorObjective(Objective):
    """What both objectives share: the maps, trained one after the other.

    Attributes:
        factor_size: width of the factors.
    """

    factor_size: int

    projection_key = "factor_maps"
    teacher_features = MappingProxyType({"hidden_states": (-1,), "padding_mask": None})

    def validate(self, student, teacher):
        check_offered(self.name, "student", student, "features")
        for feature in ("hidden_states", "padding_mask"):
            check_offered(self.name, "teacher", teacher, feature)

    def _teacher_tokens(self, teacher):
        """The last hidden states and their mask, padding behind."""
        return tokens_first(teacher["hidden_states"][-1], teacher["padding_mask"])

    def build_projection(self, student, teacher, dtype):
        return FactorMaps(
            int(student["features"].shape[-1]),
            int(teacher["hidden_states"][-1].shape[-1]),
            self.factor_size,
            dtype=dtype,
            name=self.projection_key,
        )


@dataclass(frozen=True, kw_only=True)
class ParaphraserObjective(FactorObjective):
    """Mean squared error of the teacher's last hidden states, told from the factor.

    It trains the paraphraser and leaves the student alone.
    """

    def values(self, student, teacher, labels, projection):
        hidden_states, mask = self._teacher_tokens(teacher)
        reconstruction = projection.paraphraser.reconstruct(hidden_states, mask)
        return hidden_state_mse(reconstruction, hidden_states, mask)


@dataclass(frozen=True, kw_only=True)
class TranslatorObjective(FactorObjective):
    """Distance of the factors of student and teacher; the paraphraser stays as it is.

    Attributes:
        loss: `loss(student_factor, teacher_factor)`, a function of
            `distill_tf.losses`.
    """

    loss: Callable

    def values(self, student, teacher, labels, projection):
        target = projection.paraphraser.factor(*self._teacher_tokens(teacher))
        factor = projection.translator.factor(student["features"])
        return self.loss(factor, ops.stop_gradient(target))
