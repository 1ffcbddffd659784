"""The entries that every classifier's config.json has."""

from typing import Any

from distill_tf.labels import LabelSet

# Ours to transformers.activations.ACT2FN's names. Its "gelu_new" is the same function
# as "gelu_pytorch_tanh" in several passes over the tensor.
_ACTIVATIONS = {
    "gelu_tanh": "gelu_pytorch_tanh",
    "gelu_erf": "gelu",
    "relu": "relu",
    "silu": "silu",
    "tanh": "tanh",
}


def classifier_config(
    labels: LabelSet, architecture: str, model_type: str, activation: str
) -> dict[str, Any]:
    """What computes it, label names, kind of problem and activation.

    A regression has one output, which transformers names LABEL_0.

    Args:
        labels: names of the classes, in order.
        architecture: the name of the class that computes it.
        model_type: what the class is found by.
        activation: ours; transformers' name of it is written.
    """
    names = labels.names or ("LABEL_0",)
    return {
        "architectures": [architecture],
        "model_type": model_type,
        "hidden_act": _ACTIVATIONS[activation],
        "id2label": {str(i): name for i, name in enumerate(names)},
        "label2id": {name: i for i, name in enumerate(names)},
        "problem_type": (
            "regression" if labels.is_regression else "single_label_classification"
        ),
        "dtype": "float32",
    }
