"""What the formats that hold a BERT classifier ask of a student."""

from collections.abc import Collection

from distill_tf.errors import DistillError
from distill_tf.models.classifier import BertClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder

# What google-research/bert and KerasHub compute with, whatever a file says.
_LAYER_NORM_EPS = 1e-12


def is_bert_student(predictor: Predictor) -> bool:
    """Whether the model is an encoder with a head, and reads word pieces."""
    return isinstance(predictor.model, BertClassifier) and isinstance(
        predictor.encoder, TextEncoder
    )


def require_original_bert(
    predictor: Predictor, program: str, activations: Collection[str]
) -> BertClassifier:
    """The model, if a program with the constants of the original BERT computes it.

    Such a program has the tanh pooler on the first token under its head, and one
    layer-norm epsilon, 1e-12.

    Args:
        predictor: the classifier.
        program: the other side's name, for messages.
        activations: those of `hidden_act` that the program has.

    Raises:
        DistillError: If the program would compute something else.
    """
    if not is_bert_student(predictor):
        raise DistillError(
            f"{program} holds BERT classifiers in BERT's own layout alone, but this "
            f"model is a {type(predictor.model).__name__} that reads the layout "
            f"{predictor.encoder.settings.layout}; choose another format, such as "
            "savedmodel."
        )
    model, config = predictor.model, predictor.model.config
    expected = {
        "pooling_strategy": (model.pooling_strategy, ("cls",)),
        "hidden_act": (config.hidden_act, tuple(activations)),
        "layer_norm_eps": (config.layer_norm_eps, (_LAYER_NORM_EPS,)),
    }
    for name, (value, known) in expected.items():
        if value not in known:
            raise DistillError(
                f"{program} computes a BERT whose {name} is "
                f"{' or '.join(map(str, known))}, but this model's is {value}; choose "
                "another format, such as pytorch."
            )
    return model
