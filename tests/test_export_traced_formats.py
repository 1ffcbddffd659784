"""ONNX and LiteRT, whose graphs are traced from the Keras model of any kind."""

import sys

import numpy as np
import pytest
import tensorflow as tf
from export_students import ODD_TEXTS
from export_students import PARTNERS
from export_students import PLAIN_TEXTS
from export_students import make_predictor
from export_students import run_client
from export_students import written
from tiny_exports import TEXTS
from tiny_exports import make_bipartite_predictor
from tiny_exports import make_tower_predictor
from tiny_exports import make_word_predictor
from traced_clients import CLIENTS

from distill_tf.errors import DistillError
from distill_tf.export.formats import EXPORTERS
from distill_tf.models.static_classifier import StaticClassifier

TOOLS = {
    "onnx": ("tf2onnx", "onnx", "onnxruntime", "tokenizers"),
    "litert": ("ai_edge_litert.interpreter", "tokenizers"),
}
# What is called so in messages.
TITLES = {"onnx": "ONNX", "litert": "LiteRT"}
STUDENTS = {
    "bert": make_predictor,
    "bert pair": lambda: make_predictor(is_pair=True),
    "cased, mean pooling, erf": lambda: make_predictor(
        pooling_strategy="mean", do_lower_case=False, hidden_act="gelu_erf"
    ),
    "regression": lambda: make_predictor(names=(), hidden_act="silu"),
    "bilstm": make_word_predictor,
    "bilstm pair": lambda: make_word_predictor("basic", is_pair=True),
    "bilstm, two layers, maximum": lambda: make_word_predictor(
        "wordpiece", num_layers=2, pooling="max"
    ),
    "lstm, jieba": lambda: make_word_predictor("jieba", bidirectional=False),
    "static": lambda: make_word_predictor(kind=StaticClassifier),
    "bipartite": make_bipartite_predictor,
    "towers, late fusion": make_tower_predictor,
    **{
        f"towers, {name}": lambda name=name: make_tower_predictor(name)
        for name in ("poly", "dipair", "col")
    },
    "static pair": lambda: make_word_predictor(is_pair=True, kind=StaticClassifier),
}


# Asked by a client too, with texts that have at least one token.
OF_CLIENTS = ("bert", "bert pair", "bilstm", "bilstm pair", "towers, late fusion")


@pytest.fixture(scope="module", params=TOOLS)
def exporter(request):
    for module in TOOLS[request.param]:
        pytest.importorskip(module)
    return EXPORTERS[request.param]


@pytest.fixture(scope="module")
def exported(exporter, tmp_path_factory):
    """Name -> predictor and folder of the export, each written once."""
    root, cache = tmp_path_factory.mktemp(exporter.name), {}

    def export(name):
        if name not in cache:
            predictor = STUDENTS[name]()
            folder = written(exporter, predictor, root / str(len(cache)))
            cache[name] = predictor, folder
        return cache[name]

    return export


def columns(name, predictor):
    texts = [*PLAIN_TEXTS, *ODD_TEXTS] if "bert" in name else TEXTS
    if not predictor.labels.is_pair:
        return texts, None
    return texts, [*PARTNERS, *PARTNERS][: len(texts)]


def test_clients_that_do_not_know_us(exporter, exported, tmp_path):
    texts, partners = (
        list(map("f {}".format, each)) for each in (PLAIN_TEXTS, PARTNERS)
    )
    cases = []
    for name in OF_CLIENTS:
        predictor, folder = exported(name)
        given = texts, partners if predictor.labels.is_pair else None
        cases.append((predictor, folder, given))
    job = [[str(folder), *given] for _, folder, given in cases]
    answers = run_client(CLIENTS[exporter.name], job, tmp_path)
    for (predictor, folder, given), answer in zip(cases, answers, strict=True):
        tolerances = {each.variant: each.tolerance for each in exporter.open(folder)}
        assert answer.keys() == tolerances.keys()
        expected = predictor.logits(*given)
        for variant, tolerance in tolerances.items():
            logits = answer[variant]["logits"]
            np.testing.assert_allclose(logits, expected, rtol=0, atol=tolerance)
        labels = [prediction.label for prediction in predictor.predict(*given)]
        assert next(iter(answer.values()))["labels"] == labels


@pytest.mark.parametrize("name", STUDENTS)
def test_every_kind_of_student(exporter, exported, name):
    predictor, folder = exported(name)
    texts, texts_b = columns(name, predictor)
    expected = predictor.logits(texts, texts_b)
    assert np.ptp(expected, axis=0).max() > 0.01
    exports = exporter.open(folder)
    for export in exports:
        np.testing.assert_allclose(
            export.logits(texts, texts_b), expected, rtol=0, atol=export.tolerance
        )
        nothing = export.logits([], None if texts_b is None else [])
        assert nothing.shape == (0, predictor.labels.num_outputs)
    assert {path.name for path in exports[0].files} >= {
        *("tokenizer.json", "labels.json", "text_settings.json", "vocab.txt")
    }
    # Batch and length are free.
    alone = [
        exports[0].logits([text], None if texts_b is None else [texts_b[i]])[0]
        for i, text in enumerate(texts)
    ]
    np.testing.assert_allclose(alone, expected, rtol=0, atol=exports[0].tolerance)


def test_an_operation_that_the_format_lacks_is_one_sentence(tmp_path, exporter):
    predictor = make_predictor()
    call = predictor.model.output_dense.call
    predictor.model.output_dense.call = lambda inputs, **options: tf.math.bessel_i0e(
        call(inputs, **options)
    )
    title = TITLES[exporter.name]
    with pytest.raises(DistillError, match=f"operation that {title} lacks .*BesselI0e"):
        exporter.export(predictor, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "module"), [(name, each) for name in TOOLS for each in TOOLS[name]]
)
def test_what_is_not_installed_is_named(monkeypatch, name, module):
    for each in TOOLS[name]:
        pytest.importorskip(each)
    monkeypatch.setitem(sys.modules, module, None)
    sentence = rf'{module}.*pip install -e "\.\[{name}\]"'
    with pytest.raises(DistillError, match=sentence):
        EXPORTERS[name].check(make_predictor())
