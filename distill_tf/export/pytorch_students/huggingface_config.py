"""The config.json that transformers reads for a BERT classifier."""

from typing import Any

from distill_tf.predictor import Predictor

# Ours to transformers.activations.ACT2FN's names. Its "gelu_new" is the same function
# as "gelu_pytorch_tanh" in several passes over the tensor.
_ACTIVATIONS = {
    "gelu_tanh": "gelu_pytorch_tanh",
    "gelu_erf": "gelu",
    "relu": "relu",
    "silu": "silu",
    "tanh": "tanh",
}


def huggingface_config(
    predictor: Predictor, architecture: str, model_type: str
) -> dict[str, Any]:
    """Sizes, constants, label names and kind of problem.

    A regression has one output, which transformers names LABEL_0.

    Args:
        predictor: a BERT classifier.
        architecture: the name of the class that computes it.
        model_type: what transformers finds the class by.
    """
    config, labels = predictor.model.config.to_dict(), predictor.labels
    names = labels.names or ("LABEL_0",)
    return {
        "architectures": [architecture],
        "model_type": model_type,
        **config,
        "hidden_act": _ACTIVATIONS[config["hidden_act"]],
        "classifier_dropout": config["hidden_dropout_prob"],
        "pad_token_id": predictor.encoder.vocabulary.pad_id,
        "id2label": {str(i): name for i, name in enumerate(names)},
        "label2id": {name: i for i, name in enumerate(names)},
        "problem_type": (
            "regression" if labels.is_regression else "single_label_classification"
        ),
        "dtype": "float32",
    }
