"""Learning to predict masked words, from the teacher and from the text."""

from dataclasses import dataclass
from types import MappingProxyType

from keras import ops

from distill_tf.errors import DistillError
from distill_tf.losses import hard_label_cross_entropy
from distill_tf.losses import kl_divergence
from distill_tf.losses import labelled_mask
from distill_tf.objectives.objective import Objective
from distill_tf.objectives.objective import check_offered

_LOGITS = "masked_lm_logits"
_TOKENS = "masked_token_ids"


@dataclass(frozen=True, kw_only=True)
class MaskedLmLogitObjective(Objective):
    """T^2 KL(teacher || student) over the vocabulary, mean of a row's masked tokens.

    Attributes:
        temperature: T, which softens both.
    """

    temperature: float = 1.0

    teacher_features = MappingProxyType({_LOGITS: None})

    def validate(self, student, teacher):
        for owner, outputs in (("student", student), ("teacher", teacher)):
            check_offered(self.name, owner, outputs, _LOGITS)
        sizes = [int(outputs[_LOGITS].shape[-1]) for outputs in (student, teacher)]
        if sizes[0] != sizes[1]:
            raise DistillError(
                f"the objective {self.name} compares predictions of tokens, but the "
                f"student knows {sizes[0]} and the teacher {sizes[1]}; give both the "
                "same vocabulary."
            )

    def values(self, student, teacher, labels, projection):
        rows = [_as_rows(outputs[_LOGITS]) for outputs in (student, teacher)]
        values = kl_divergence(*rows, self.temperature)
        return _mean_of_tokens(values, student[_TOKENS])


@dataclass(frozen=True, kw_only=True)
class MaskedLmLabelObjective(Objective):
    """Cross-entropy of the tokens that were masked, mean of a row's masked tokens."""

    teacher_features = MappingProxyType({})

    def validate(self, student, teacher):
        check_offered(self.name, "student", student, _LOGITS)

    def values(self, student, teacher, labels, projection):
        tokens = student[_TOKENS]
        values = hard_label_cross_entropy(
            _as_rows(student[_LOGITS]), ops.reshape(tokens, (-1,))
        )
        return _mean_of_tokens(values, tokens)


def _as_rows(logits):
    return ops.reshape(logits, (-1, logits.shape[-1]))


def _mean_of_tokens(values, tokens):
    """Mean over a row's masked tokens: [B * P] to [B]; a row without any gives 0."""
    masked = labelled_mask(tokens)
    total = ops.sum(ops.reshape(values, ops.shape(tokens)) * masked, axis=1)
    return total / ops.maximum(ops.sum(masked, axis=1), 1.0)
