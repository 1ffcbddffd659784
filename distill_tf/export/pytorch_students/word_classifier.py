"""A student without attention, as weights with plain PyTorch code beside them."""

from pathlib import Path

import numpy as np

from distill_tf.export.exporter import TextsToLogits
from distill_tf.export.exporter import import_tool
from distill_tf.export.pytorch_students.classifier_config import classifier_config
from distill_tf.export.pytorch_students.linear_arrays import linear_arrays
from distill_tf.export.pytorch_students.modeling_template import import_modeling
from distill_tf.export.pytorch_students.modeling_template import write_modeling
from distill_tf.export.pytorch_students.row_inputs import logits_of_rows
from distill_tf.export.pytorch_students.safetensors_file import save_safetensors
from distill_tf.export.text_inputs import open_text_inputs
from distill_tf.export.text_inputs import save_text_inputs
from distill_tf.files import write_json_atomically
from distill_tf.models.bilstm import BiLstmEncoder
from distill_tf.models.bilstm_classifier import BiLstmClassifier
from distill_tf.models.lstm import Lstm
from distill_tf.models.static_classifier import StaticClassifier
from distill_tf.models.word_classifier import WordClassifier
from distill_tf.predictor import Predictor

# What modeling_word_classifier.py calls the encoders.
_ENCODERS = {BiLstmClassifier: "bilstm", StaticClassifier: "static"}
_SUFFIXES = {False: "", True: "_reverse"}


class WordStudent:
    """A BiLSTM or static student, which `modeling_word_classifier.py` computes.

    PyTorch's LSTM has the gates in our order; its second bias is written as 0. What
    the encoder does with a text without any token, one unknown token in its place,
    the model does there, since a tokenizer.json cannot.
    """

    model_type = "word_classifier"
    opened_with = ("torch", "tokenizers")

    def holds(self, predictor: Predictor) -> bool:
        return type(predictor.model) in _ENCODERS

    def write(self, predictor: Predictor, folder: Path) -> None:
        write_json_atomically(folder / "config.json", _config(predictor))
        save_safetensors(_arrays(predictor.model), folder)
        save_text_inputs(predictor, folder)
        write_modeling(self.model_type, folder)

    def open(self, folder: Path) -> TextsToLogits:
        import_tool("torch", "pytorch")
        text_inputs = open_text_inputs(folder, "pytorch")
        modeling = import_modeling(self.model_type, folder)
        model = modeling.WordClassifier.from_folder(folder)
        return logits_of_rows(model, text_inputs)


def _config(predictor: Predictor) -> dict:
    model, vocabulary = predictor.model, predictor.encoder.vocabulary
    values = model.config.to_dict()
    return {
        "encoder": _ENCODERS[type(model)],
        **classifier_config(
            predictor.labels,
            "WordClassifier",
            WordStudent.model_type,
            values.pop("activation"),
        ),
        **values,
        "pad_token_id": vocabulary.pad_id,
        "unk_token_id": vocabulary.unk_id,
    }


def _arrays(model: WordClassifier) -> dict[str, np.ndarray]:
    """The weights under the template's names, in PyTorch's layout."""
    encoder, head = model.encoder, model.head
    arrays = {"embeddings.weight": encoder.embeddings.table.numpy()}
    if isinstance(encoder, BiLstmEncoder):
        for number, layer in enumerate(encoder.lstm_layers):
            for direction in layer.directions:
                suffix = f"l{number}{_SUFFIXES[direction.go_backwards]}"
                for name, array in _lstm_arrays(direction).items():
                    arrays[f"encoder.lstm.{name}_{suffix}"] = array
    dense_layers = {"hidden": head.hidden_dense, "classifier": head.output_dense}
    return {**arrays, **linear_arrays(dense_layers)}


def _lstm_arrays(lstm: Lstm) -> dict[str, np.ndarray]:
    bias = lstm.bias.numpy()
    return {
        "weight_ih": lstm.kernel.numpy().T,
        "weight_hh": lstm.recurrent_kernel.numpy().T,
        "bias_ih": bias,
        "bias_hh": np.zeros_like(bias),
    }
