"""Learning from the data set's own labels."""

from dataclasses import dataclass
from types import MappingProxyType

from keras import ops

from distill_tf.losses import hard_label_cross_entropy
from distill_tf.losses import label_mse
from distill_tf.losses import labelled_mask
from distill_tf.objectives.objective import Objective


@dataclass(frozen=True, kw_only=True)
class LabelObjective(Objective):
    """Cross-entropy with class labels, or squared error with a regression's.

    Examples without a label (-1, or NaN in a regression) are left out of the mean.
    """

    regression: bool = False

    teacher_features = MappingProxyType({})

    def validate(self, student, teacher):
        """Labels fit any student: the model is built for the task's classes."""

    def values(self, student, teacher, labels, projection):
        if not self.regression:
            return hard_label_cross_entropy(student["logits"], labels)
        return label_mse(student["logits"], ops.where(ops.isnan(labels), 0.0, labels))

    def counted(self, labels):
        if not self.regression:
            return labelled_mask(labels)
        return ops.cast(ops.logical_not(ops.isnan(labels)), "float32")
