"""Settings of a student whose layers learn from the teacher's."""

from dataclasses import dataclass

from distill_tf.config.bert_student import BertStudentOptions
from distill_tf.config.layer_losses import LayerLossOptions
from distill_tf.config.minilm import MiniLmOptions


@dataclass(frozen=True, kw_only=True)
class LayerMethodOptions(BertStudentOptions, LayerLossOptions, MiniLmOptions):
    """The student's layers, and what of them is compared with the teacher's."""
