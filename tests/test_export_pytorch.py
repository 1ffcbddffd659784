"""A student as a folder for PyTorch, and back."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from export_students import EXPORT_TOKENS
from export_students import MAX_SEQ_LENGTH
from export_students import ODD_TEXTS
from export_students import PARTNERS
from export_students import PLAIN_TEXTS
from export_students import all_written
from export_students import make_predictor
from export_students import run_client
from export_students import written
from safetensors.numpy import load_file
from scipy.special import softmax
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import huggingface_arrays
from tiny_bert import huggingface_config
from tiny_bert import random_weights
from tiny_bert import write_huggingface

import distill_tf
from distill_tf.checkpoints.huggingface import load_huggingface_checkpoint
from distill_tf.errors import DistillError
from distill_tf.export.pytorch import EXPORTER
from distill_tf.labels import LabelSet
from distill_tf.models.classifier import BertClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

TEXTS = [*PLAIN_TEXTS, *ODD_TEXTS]
TEXTS_B = [*PARTNERS, *PARTNERS[:5]]
WITHOUT_MASK = tuple(token for token in EXPORT_TOKENS if token != "[MASK]")
STUDENTS = {
    "uncased": {},
    "cased pair": {"is_pair": True, "do_lower_case": False, "hidden_act": "gelu_erf"},
    "regression": {"names": (), "hidden_act": "silu", "layer_norm_eps": 0.1},
    "no mask token": {"tokens": WITHOUT_MASK, "hidden_act": "relu"},
}
MEAN_POOLED = {
    "uncased": {},
    "cased pair": {"is_pair": True, "do_lower_case": False, "hidden_act": "gelu_erf"},
    "regression": {"names": (), "hidden_act": "silu", "layer_norm_eps": 0.1},
}
TRANSFORMERS_CLIENT = """
import torch
import transformers
answer = {}
for name, (folder, texts, partners) in job.items():
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    inputs = tokenizer(
        texts, partners, padding=True, truncation=True, return_tensors="pt"
    )
    with torch.no_grad():
        logits = model(**inputs).logits
    pairs = [{"text": a, "text_pair": b} for a, b in zip(texts, partners or texts)]
    pipeline = transformers.pipeline("text-classification", model=folder)
    answer[name] = {
        "logits": logits.tolist(),
        "pipeline": pipeline(pairs if partners else texts, truncation=True),
        "id2label": model.config.id2label,
        "label2id": model.config.label2id,
        "max_length": tokenizer.model_max_length,
        "tokens": len(tokenizer),
        "lower_case": tokenizer.do_lower_case,
    }
assert "tensorflow" not in sys.modules
"""
TORCH_CLIENT = """
import importlib.util
import torch
answer = {}
for name, (folder, inputs) in job.items():
    path = folder + "/modeling_mean_pooled_bert.py"
    spec = importlib.util.spec_from_file_location("modeling", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.MeanPooledBertClassifier.from_folder(folder)
    with torch.no_grad():
        logits = model(*map(torch.tensor, inputs)).tolist()
    answer[name] = {"logits": logits, "id2label": model.id2label}
assert not {"transformers", "tokenizers", "safetensors"} & set(sys.modules)
"""


def columns(predictor):
    return TEXTS, TEXTS_B if predictor.labels.is_pair else None


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Predictor and folder of each student with a pooler."""
    folder = tmp_path_factory.mktemp("pytorch")
    return all_written(EXPORTER, STUDENTS, make_predictor, folder)


@pytest.fixture(scope="module")
def answers(exported, tmp_path_factory):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    job = {
        name: (str(folder), *columns(predictor))
        for name, (predictor, folder) in exported.items()
    }
    return run_client(TRANSFORMERS_CLIENT, job, tmp_path_factory.mktemp("client"))


@pytest.mark.parametrize("name", STUDENTS)
def test_transformers_computes_the_same_from_texts(exported, answers, name):
    predictor, _ = exported[name]
    expected = predictor.logits(*columns(predictor))
    np.testing.assert_allclose(answers[name]["logits"], expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", STUDENTS)
def test_a_pipeline_names_the_labels(exported, answers, name):
    predictor, _ = exported[name]
    texts, texts_b = columns(predictor)
    # A pipeline takes an empty second text for none.
    asked = [i for i in range(len(texts)) if texts_b is None or texts_b[i]]
    predictions = predictor.predict(texts, texts_b)
    expected = [predictions[i] for i in asked]
    found = [answers[name]["pipeline"][i] for i in asked]
    assert [each["label"] for each in found] == [
        each.label or "LABEL_0" for each in expected
    ]
    assert [each["score"] for each in found] == pytest.approx(
        [each.score for each in expected], abs=1e-5
    )


@pytest.mark.parametrize("name", STUDENTS)
def test_transformers_knows_labels_length_and_casing(exported, answers, name):
    predictor, _ = exported[name]
    answer, names = answers[name], predictor.labels.names or ("LABEL_0",)
    assert answer["id2label"] == {str(i): label for i, label in enumerate(names)}
    assert answer["label2id"] == {label: i for i, label in enumerate(names)}
    assert answer["max_length"] == MAX_SEQ_LENGTH
    assert answer["tokens"] == len(predictor.encoder.vocabulary)
    assert answer["lower_case"] is predictor.encoder.settings.do_lower_case


@pytest.mark.parametrize(
    "student",
    [
        *STUDENTS.values(),
        *({**e, "pooling_strategy": "mean"} for e in MEAN_POOLED.values()),
    ],
)
def test_opened_it_computes_the_same(tmp_path, student):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    predictor = make_predictor(**student)
    (export,) = EXPORTER.open(written(EXPORTER, predictor, tmp_path / "pytorch"))
    texts, texts_b = columns(predictor)
    texts = [*texts[:-1], "a\ud800b"]
    np.testing.assert_allclose(
        export.logits(texts, texts_b),
        predictor.logits(texts, texts_b),
        rtol=0,
        atol=export.tolerance,
    )
    nothing = export.logits([], texts_b and [])
    assert nothing.shape == (0, predictor.labels.num_outputs)
    assert all(file.is_file() for file in export.files)


@pytest.mark.slow
def test_it_opens_where_triton_is_installed(tmp_path):
    """PyTorch's CUDA build brings Triton, which ends a process with TensorFlow."""
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    (tmp_path / "triton").mkdir()
    (tmp_path / "triton" / "__init__.py").write_text("import os; os._exit(139)")
    folder = written(EXPORTER, make_predictor(), tmp_path / "pytorch")
    path = os.pathsep.join([str(tmp_path), str(Path(distill_tf.__file__).parents[1])])
    process = subprocess.run(
        [sys.executable, "-m", "distill_tf.export.latency_process", "pytorch", folder],
        input=json.dumps([["a text"], None]),
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr


def test_the_mean_pooled_code_needs_torch_alone(tmp_path):
    pytest.importorskip("torch")
    predictors, job = {}, {}
    for number, (name, student) in enumerate(MEAN_POOLED.items()):
        predictor = make_predictor(**student, pooling_strategy="mean")
        folder = written(EXPORTER, predictor, tmp_path / str(number))
        encoded = predictor.encode(*columns(predictor))
        inputs = encoded.pad(np.arange(len(encoded)), MAX_SEQ_LENGTH)
        order = ("token_ids", "segment_ids", "padding_mask")
        predictors[name] = predictor
        job[name] = str(folder), [inputs[key].tolist() for key in order]
    answers = run_client(TORCH_CLIENT, job, tmp_path)
    for name, predictor in predictors.items():
        expected = predictor.logits(*columns(predictor))
        found = answers[name]["logits"]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5, err_msg=name)
        labels = predictor.labels.names or ("LABEL_0",)
        id2label = {str(i): label for i, label in enumerate(labels)}
        assert answers[name]["id2label"] == id2label


def test_hugging_face_to_ours_to_hugging_face_keeps_every_bit(tmp_path):
    arrays = huggingface_arrays(random_weights(head=True))
    labels = ("red", "green", "blue", "black", "white")
    values = huggingface_config(id2label={str(i): n for i, n in enumerate(labels)})
    first = load_huggingface_checkpoint(
        write_huggingface(tmp_path / "first", arrays, values)
    )
    model = BertClassifier(first.config, first.num_classes)
    first.load_into(model)
    predictor = Predictor(
        model,
        TextEncoder.from_settings(Vocabulary(first.tokens), TextSettings(True, 9)),
        LabelSet(first.labels, False),
    )
    folder = written(EXPORTER, predictor, tmp_path / "second")
    found = load_file(folder / "model.safetensors")
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array, strict=True)
    second = load_huggingface_checkpoint(folder)
    assert second.labels == labels
    assert second.tokens == TOKENS
    assert second.config == replace(CONFIG, hidden_act="gelu_erf")
    assert second.do_lower_case is True
    assert second.unused == ()
    vocabularies = [
        (tmp_path / name / "vocab.txt").read_bytes() for name in ("first", "second")
    ]
    assert vocabularies[0] == vocabularies[1]
    written_values = json.loads((folder / "config.json").read_text("utf-8"))
    assert values.items() <= written_values.items()


@pytest.mark.parametrize("name", STUDENTS)
def test_read_back_it_is_the_same_model(exported, name):
    predictor, folder = exported[name]
    checkpoint = load_huggingface_checkpoint(folder)
    assert checkpoint.config == predictor.model.config
    assert checkpoint.tokens == predictor.encoder.vocabulary.tokens
    assert checkpoint.do_lower_case is predictor.encoder.settings.do_lower_case
    assert checkpoint.labels == (predictor.labels.names or None)


def test_scores_are_probabilities_only_where_there_are_classes(exported, answers):
    predictor, _ = exported["uncased"]
    expected = softmax(predictor.logits(TEXTS), axis=1).max(1)
    scores = [each["score"] for each in answers["uncased"]["pipeline"]]
    assert scores == pytest.approx(expected, abs=1e-5)
    numbers = [each["score"] for each in answers["regression"]["pipeline"]]
    assert not all(0 < number < 1 for number in numbers)


@pytest.mark.parametrize("pooling_strategy", ["cls", "mean"])
def test_writing_does_without_torch_and_opening_asks_for_it(
    tmp_path, monkeypatch, pooling_strategy
):
    monkeypatch.setitem(sys.modules, "torch", None)
    predictor = make_predictor(pooling_strategy=pooling_strategy)
    folder = written(EXPORTER, predictor, tmp_path / "pytorch")
    with pytest.raises(DistillError, match=r'pip install -e "\.\[pytorch\]"'):
        EXPORTER.open(folder)


def test_another_folder_is_not_opened(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2"}), "utf-8")
    with pytest.raises(DistillError, match="bert or mean_pooled_bert or .* 'gpt2'"):
        EXPORTER.open(tmp_path)
