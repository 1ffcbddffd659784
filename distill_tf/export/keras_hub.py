"""Export as a KerasHub preset of BertTextClassifier."""

from pathlib import Path

import keras_hub
import numpy as np

from distill_tf.checkpoints.keras_hub import keras_hub_name
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.checkpoints.weight_table import HEAD_NAMES
from distill_tf.errors import DistillError
from distill_tf.export.batches import in_batches
from distill_tf.export.bert_students import require_original_bert
from distill_tf.export.exporter import Export
from distill_tf.export.exporter import files_under
from distill_tf.models.classifier import BertClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder


class KerasHubExporter:
    """Writes what `keras_hub.models.BertTextClassifier.from_preset` loads.

    Backbone, head, and a preprocessor with vocabulary, casing and maximum length. A
    preset has no place for the class names, which go into `labels.json`, and one rate
    for both dropouts of the encoder, which gets `hidden_dropout_prob`.

    KerasHub's tokenizer folds case by NFKC and splits at other characters than
    BERT's, so texts with full-width punctuation, control characters or words of more
    than 100 bytes may have other tokens there.
    """

    name = "keras_hub"
    marker = "task.json"
    is_versioned = False

    def check(self, predictor: Predictor) -> None:
        require_original_bert(predictor, "KerasHub", ("gelu_tanh",))
        if predictor.encoder.vocabulary.mask_id is None:
            raise DistillError(
                "KerasHub needs a [MASK] in the vocabulary, but this model's has none; "
                "choose another format, such as pytorch."
            )

    def export(self, predictor: Predictor, folder: Path) -> None:
        classifier = _build(predictor.model, predictor.encoder)
        _assign(classifier, named_weights(predictor.model))
        classifier.save_to_preset(str(folder))
        predictor.labels.save(folder / "labels.json")

    def open(self, folder: Path) -> tuple[Export, ...]:
        classifier = keras_hub.models.BertTextClassifier.from_preset(
            str(folder), dtype="float32"
        )

        def run(texts, texts_b):
            columns = texts if texts_b is None else (texts, texts_b)
            return classifier.predict_on_batch(columns)

        logits = in_batches(run, classifier.num_classes)
        return (Export(files_under(folder), logits, tolerance=1e-5),)


def _build(
    model: BertClassifier, encoder: TextEncoder
) -> keras_hub.models.BertTextClassifier:
    config = model.config
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=config.vocab_size,
        num_layers=config.num_hidden_layers,
        num_heads=config.num_attention_heads,
        hidden_dim=config.hidden_size,
        intermediate_dim=config.intermediate_size,
        dropout=config.hidden_dropout_prob,
        max_sequence_length=config.max_position_embeddings,
        num_segments=config.type_vocab_size,
        dtype="float32",
    )
    do_lower_case = encoder.settings.do_lower_case
    tokenizer = keras_hub.tokenizers.BertTokenizer(
        vocabulary=_without_white_space(encoder.vocabulary.tokens),
        lowercase=do_lower_case,
        strip_accents=do_lower_case,
    )
    return keras_hub.models.BertTextClassifier(
        backbone=backbone,
        num_classes=model.num_classes,
        preprocessor=keras_hub.models.BertTextClassifierPreprocessor(
            tokenizer, sequence_length=encoder.max_seq_length
        ),
        dropout=config.hidden_dropout_prob,
    )


def _without_white_space(tokens: tuple[str, ...]) -> list[str]:
    """Replaces tokens such as U+2028, of which KerasHub's reader strips the end.

    No word holds white space, so nothing is lost.
    """
    return [
        f"[unmatched{token_id}]" if any(map(str.isspace, token)) else token
        for token_id, token in enumerate(tokens)
    ]


def _assign(
    classifier: keras_hub.models.BertTextClassifier, weights: dict[str, np.ndarray]
) -> None:
    variables = {variable.path: variable for variable in classifier.variables}
    head_weights, head_bias = (weights.pop(name) for name in HEAD_NAMES)
    variables["logits/kernel"].assign(head_weights.T)
    variables["logits/bias"].assign(head_bias)
    for name, weight in weights.items():
        variable = variables[keras_hub_name(name)]
        # KerasHub splits the attention's axes by head.
        variable.assign(weight.reshape(variable.shape))


EXPORTER = KerasHubExporter()
