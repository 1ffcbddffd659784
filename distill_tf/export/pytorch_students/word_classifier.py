"""A student without attention, as weights with plain PyTorch code beside them."""

from pathlib import Path

import numpy as np

from distill_tf.export.batches import in_batches
from distill_tf.export.exporter import TextsToLogits
from distill_tf.export.exporter import import_tool
from distill_tf.export.pytorch_students.classifier_config import classifier_config
from distill_tf.export.pytorch_students.modeling_template import import_modeling
from distill_tf.export.pytorch_students.modeling_template import write_modeling
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
from distill_tf.text.pair_layout import SIDES

# What modeling_word_classifier.py calls the encoders.
_ENCODERS = {BiLstmClassifier: "bilstm", StaticClassifier: "static"}
_INPUTS = ("input_ids", "attention_mask")
_SUFFIXES = {False: "", True: "_reverse"}


class WordStudent:
    """A BiLSTM or static student, which `modeling_word_classifier.py` computes.

    PyTorch's LSTM has the gates in our order; its second bias is written as 0. What
    the encoder does with a text without any token, one unknown token in its place,
    the model does there, since a tokenizer.json cannot.
    """

    model_type = "word_classifier"

    def holds(self, predictor: Predictor) -> bool:
        return type(predictor.model) in _ENCODERS

    def write(self, predictor: Predictor, folder: Path) -> None:
        write_json_atomically(folder / "config.json", _config(predictor))
        save_safetensors(_arrays(predictor.model), folder)
        save_text_inputs(predictor, folder)
        write_modeling(self.model_type, folder)

    def open(self, folder: Path) -> TextsToLogits:
        torch = import_tool("torch", "pytorch")
        text_inputs = open_text_inputs(folder, "pytorch")
        modeling = import_modeling(self.model_type, folder)
        model = modeling.WordClassifier.from_folder(folder)
        sides = [f"{side}_" for side in SIDES] if model.is_pair else [""]
        names = [side + name for side in sides for name in _INPUTS]

        def run(texts, texts_b):
            arrays = text_inputs(texts, texts_b)
            with torch.inference_mode():
                return model(*(torch.tensor(arrays[name]) for name in names)).numpy()

        return in_batches(run, len(model.id2label))


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
    for name, dense in (
        ("hidden", head.hidden_dense),
        ("classifier", head.output_dense),
    ):
        if dense is not None:
            arrays[f"{name}.weight"] = dense.kernel.numpy().T
            arrays[f"{name}.bias"] = dense.bias.numpy()
    return arrays


def _lstm_arrays(lstm: Lstm) -> dict[str, np.ndarray]:
    bias = lstm.bias.numpy()
    return {
        "weight_ih": lstm.kernel.numpy().T,
        "weight_hh": lstm.recurrent_kernel.numpy().T,
        "bias_ih": bias,
        "bias_hh": np.zeros_like(bias),
    }
