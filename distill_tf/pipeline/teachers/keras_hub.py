"""Classifiers of other families than BERT, from KerasHub's preset folders."""

from pathlib import Path

from distill_tf.checkpoints.keras_hub import is_keras_hub_folder
from distill_tf.checkpoints.keras_hub import load_preset
from distill_tf.checkpoints.keras_hub import preset_class
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.models.keras_hub_classifier import KerasHubClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import PresetEncoder

CLASSIFIERS = (
    "RobertaTextClassifier",
    "XLMRobertaTextClassifier",
    "DebertaV3TextClassifier",
    "DistilBertTextClassifier",
)


def is_other_family(folder: Path) -> bool:
    """Whether the folder is a KerasHub preset of anything but a BERT."""
    if not is_keras_hub_folder(folder):
        return False
    name = preset_class(folder)
    # Other programs' folders have a config.json as well, without a class.
    return name is not None and not name.startswith("Bert")


def load_keras_hub_classifier(
    folder: Path, labels: LabelSet, max_seq_length: int
) -> Predictor:
    """Reads a preset that a fine-tuned text classifier was saved to.

    Raises:
        DistillError: it is of no family that is supported, or has no head or no
            tokenizer, or does not fit the task.
    """
    import keras_hub

    name = preset_class(folder)
    if name not in CLASSIFIERS:
        raise DistillError(_why_not(folder, name, keras_hub))
    task = load_preset(folder, getattr(keras_hub.models, name))
    if task.num_classes != labels.num_outputs:
        raise DistillError(
            f"{folder} has {task.num_classes} outputs, but the task needs "
            f"{labels.num_outputs} ({', '.join(labels.names) or 'one number'}); give a "
            "teacher of this task."
        )
    if task.preprocessor is None:
        raise DistillError(
            f"{folder} has no preprocessor, so nothing says how it reads text; save "
            "the classifier together with its preprocessor."
        )
    positions = task.backbone.max_sequence_length
    if max_seq_length > positions:
        raise DistillError(
            f"max_seq_length is {max_seq_length}, but {folder} has only {positions} "
            f"positions; set max_seq_length to {positions} or less."
        )
    encoder = PresetEncoder(task.preprocessor, max_seq_length)
    return Predictor(KerasHubClassifier(task), encoder, labels)


def _why_not(folder: Path, name: str, keras_hub) -> str:
    family = name.removesuffix("Backbone")
    if family != name and not hasattr(keras_hub.models, f"{family}TextClassifier"):
        return (
            f"{folder} holds {name}, of which KerasHub has no classifier; give what "
            "such a teacher said in teacher_logits."
        )
    return (
        f"{folder} was expected to hold a fine-tuned classifier, but holds {name}; "
        f"give a preset of BertTextClassifier, {', '.join(CLASSIFIERS)}, or what the "
        "teacher said in teacher_logits."
    )
