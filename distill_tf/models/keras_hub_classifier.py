"""A KerasHub text classifier of another family than BERT, seen as a teacher."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from distill_tf.models.bert_config import BertConfig
from distill_tf.precision import without_training


class KerasHubClassifier:
    """Logits and hidden states of RoBERTa, XLM-RoBERTa, DeBERTa-v3 and DistilBERT.

    In KerasHub these have the same parts under the same names: embeddings, post-norm
    transformer layers, and a head of two dense layers on the first token. Queries,
    keys, values and attention scores stay inside of KerasHub's layers. Only for
    inference.

    Args:
        task: a KerasHub `TextClassifier` of one of these families.
    """

    def __init__(self, task: keras.Model):
        backbone = task.backbone
        self.task = task
        self.num_classes = task.num_classes
        # What a BERT of this size is called; the families differ in the rest.
        self.config = BertConfig(
            vocab_size=backbone.vocabulary_size,
            hidden_size=backbone.hidden_dim,
            num_hidden_layers=backbone.num_layers,
            num_attention_heads=backbone.num_heads,
            intermediate_size=backbone.intermediate_dim,
            max_position_embeddings=backbone.max_sequence_length,
        )
        layers = (backbone.embeddings_dropout, *backbone.transformer_layers)
        self._hidden_states = keras.Model(
            backbone.input, [layer.output for layer in layers]
        )

    @property
    def parts(self) -> tuple[keras.Model]:
        """What it is made of, for the teacher cache."""
        return (self.task,)

    def __call__(self, inputs, training=None):
        return self.compute_outputs(inputs, training=training)["logits"]

    def compute_outputs(
        self, inputs: Mapping[str, Any], training: bool | None = None
    ) -> dict[str, Any]:
        """Named as those of a `BertClassifier`, as far as they are given.

        `hidden_states` (index 0 is the embeddings), `first_token_states`, `features`,
        `logits` and `padding_mask`. Logits come before the activation that a preset may
        end with.

        Args:
            inputs: `token_ids` and `padding_mask`, [B, L].
            training: must not be true.
        """
        if training:
            raise ValueError("this model is for inference only")
        padding_mask = ops.cast(inputs["padding_mask"], "int32")
        hidden_states = self._hidden_states(
            {
                "token_ids": ops.convert_to_tensor(inputs["token_ids"]),
                "padding_mask": padding_mask,
            },
            training=False,
        )
        features = self.task.pooled_dense(hidden_states[-1][:, 0])
        kernel, bias = (
            ops.cast(weight, features.dtype)
            for weight in (self.task.output_dense.kernel, self.task.output_dense.bias)
        )
        logits = ops.cast(ops.matmul(features, kernel) + bias, "float32")
        return {
            "hidden_states": hidden_states,
            "first_token_states": [states[:, 0] for states in hidden_states],
            "features": features,
            "logits": logits,
            "padding_mask": inputs["padding_mask"],
        }

    @property
    def num_parameters(self) -> int:
        return self.task.count_params()

    def flops(self, length: int) -> int:
        """Operations of a BERT of this size; DeBERTa's positions cost more."""
        return self.config.flops(length)

    def with_precision(self, dtype_policy: str) -> "KerasHubClassifier":
        """A copy with the same weights that computes under another dtype policy.

        Its weights are float32 under all of them: KerasHub's would round those of
        layer normalization too.
        """
        backbone = self.task.backbone
        rounded = without_training(dtype_policy)
        policy = "float32" if rounded == "float32" else f"mixed_{rounded}"
        config = {**backbone.get_config(), "dtype": policy}
        copy = type(self.task)(
            backbone=type(backbone).from_config(config),
            num_classes=self.num_classes,
            hidden_dim=self.task.hidden_dim,
        )
        copy.set_weights(self.task.get_weights())
        return KerasHubClassifier(copy)
