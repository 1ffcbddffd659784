"""Students that read words as folders for PyTorch."""

import json
import sys

import numpy as np
import pytest
from export_students import TEXT_BY_TEXT
from export_students import all_written
from export_students import assert_tidy
from export_students import run_client
from safetensors.numpy import load_file
from tiny_exports import TEXTS
from tiny_exports import columns
from tiny_exports import make_word_predictor

from distill_tf.errors import DistillError
from distill_tf.export.pytorch import EXPORTER
from distill_tf.models.bilstm_presets import BILSTM_PRESETS
from distill_tf.models.static_classifier import StaticClassifier

STUDENTS = {
    "one direction": {"bidirectional": False},
    "two layers": {
        "tokenizer": "wordpiece",
        "num_layers": 2,
        "pooling": "max",
    },
    "one direction, maximum": {"bidirectional": False, "pooling": "max"},
    "cased pair": {"tokenizer": "basic", "is_pair": True, "do_lower_case": False},
    "pair of sums": {"is_pair": True, "pair_features": "concat_sum_diff"},
    "no hidden layer": {"dense_size": 0, "activation": "gelu_tanh"},
    "jieba": {"tokenizer": "jieba"},
    "regression": {"names": (), "tokenizer": "basic"},
    "static": {"kind": StaticClassifier, "tokenizer": "wordpiece"},
    "static pair": {"kind": StaticClassifier, "is_pair": True, "activation": "silu"},
    **{name: dict(preset) for name, preset in BILSTM_PRESETS.items()},
}
CLIENT = (
    TEXT_BY_TEXT
    + """
answer = {}
for name, (folder, columns) in job.items():
    model = load(folder, "word_classifier", "WordClassifier")
    inputs = [each for texts in columns for each in tensors(folder, texts)]
    with torch.no_grad():
        logits = model(*inputs).tolist()
    empty = [each for texts in columns for each in tensors(folder, [""])]
    with torch.no_grad():
        empty_logits = model(*empty).tolist()
    answer[name] = {
        "logits": logits, "empty": empty_logits, "id2label": model.id2label
    }
assert not {"tensorflow", "transformers", "safetensors"} & set(sys.modules)
"""
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Predictor and folder of each student."""
    folder = tmp_path_factory.mktemp("pytorch")
    return all_written(EXPORTER, STUDENTS, make_word_predictor, folder)


@pytest.fixture(scope="module")
def answers(exported, tmp_path_factory):
    pytest.importorskip("torch")
    job = {}
    for name, (predictor, folder) in exported.items():
        # jieba is not in the folder: the client gives words with spaces between them.
        segment = predictor.encoder.segment
        texts = [list(segment(column)) for column in columns(predictor) if column]
        job[name] = (str(folder), texts)
    return run_client(CLIENT, job, tmp_path_factory.mktemp("client"))


@pytest.mark.parametrize("name", STUDENTS)
def test_a_client_that_does_not_know_us(exported, answers, name):
    predictor, _ = exported[name]
    answer = answers[name]
    expected = predictor.logits(*columns(predictor))
    assert np.ptp(expected, axis=0).max() > 0.01
    np.testing.assert_allclose(answer["logits"], expected, rtol=0, atol=1e-5)
    nothing = predictor.logits(*columns(predictor, [""]))
    np.testing.assert_allclose(answer["empty"], nothing, rtol=0, atol=1e-5)
    names = predictor.labels.names or ("LABEL_0",)
    assert answer["id2label"] == {str(i): label for i, label in enumerate(names)}


@pytest.mark.parametrize("name", ["two layers", "cased pair", "jieba", "static"])
def test_opened_it_computes_the_same(exported, name):
    pytest.importorskip("torch")
    predictor, folder = exported[name]
    (export,) = EXPORTER.open(folder)
    expected = predictor.logits(*columns(predictor))
    found = export.logits(*columns(predictor))
    np.testing.assert_allclose(found, expected, rtol=0, atol=export.tolerance)
    nothing = columns(predictor, [])
    assert export.logits(*nothing).shape == (0, predictor.labels.num_outputs)
    assert {path.name for path in export.files} == {
        *("config.json", "model.safetensors", "modeling_word_classifier.py"),
        *("labels.json", "text_settings.json", "tokenizer.json", "vocab.txt"),
    }


def test_the_weights_are_those_of_the_model(exported):
    predictor, folder = exported["two layers"]
    arrays = load_file(folder / "model.safetensors")
    backward = predictor.model.encoder.lstm_layers[1].directions[1]
    assert backward.go_backwards
    np.testing.assert_array_equal(
        arrays["encoder.lstm.weight_ih_l1_reverse"], backward.kernel.numpy().T
    )
    stored = sum(array.size for array in arrays.values())
    second_biases = sum(arrays[name].size for name in arrays if "bias_hh" in name)
    assert stored - second_biases == predictor.model.num_parameters


def test_no_text_forges_padding(exported):
    tokenizers = pytest.importorskip("tokenizers")
    predictor, folder = exported["one direction"]
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    vocabulary = predictor.encoder.vocabulary
    assert tokenizer.encode("<pad> a").ids == [vocabulary.unk_id, vocabulary.id_of("a")]
    assert len(tokenizer.encode(TEXTS[3]).ids) == predictor.encoder.max_seq_length


def test_the_code_is_one_tidy_file(exported):
    _, folder = exported["static"]
    assert_tidy(folder / "modeling_word_classifier.py")


def test_opening_asks_for_torch(exported, monkeypatch):
    _, folder = exported["static"]
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(DistillError, match=r'pip install -e "\.\[pytorch\]"'):
        EXPORTER.open(folder)


def test_the_configuration_says_what_computes_it(exported):
    _, folder = exported["pair of sums"]
    values = json.loads((folder / "config.json").read_text("utf-8"))
    assert values["architectures"] == ["WordClassifier"]
    assert (values["encoder"], values["is_pair"]) == ("bilstm", True)
    assert values["pair_features"] == "concat_sum_diff"
