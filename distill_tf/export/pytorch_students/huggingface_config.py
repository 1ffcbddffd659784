"""The config.json that transformers reads for a BERT classifier."""

from typing import Any

from distill_tf.export.pytorch_students.classifier_config import classifier_config
from distill_tf.predictor import Predictor


def huggingface_config(
    predictor: Predictor, architecture: str, model_type: str
) -> dict[str, Any]:
    """Sizes and constants, and what `classifier_config` gives.

    Args:
        predictor: a BERT classifier.
        architecture: the name of the class that computes it.
        model_type: what transformers finds the class by.
    """
    config = predictor.model.config
    return {
        **config.to_dict(),
        **classifier_config(
            predictor.labels, architecture, model_type, config.hidden_act
        ),
        "classifier_dropout": config.hidden_dropout_prob,
        "pad_token_id": predictor.encoder.vocabulary.pad_id,
    }
