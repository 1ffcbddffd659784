"""ONNX, read by ONNX Runtime."""

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
from tiny_exports import columns
from tiny_exports import make_word_predictor

from distill_tf.errors import DistillError
from distill_tf.export.onnx import EXPORTER
from distill_tf.export.onnx import OPSET

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
pytest.importorskip("tf2onnx")
pytest.importorskip("tokenizers")

TOLERANCE = 1e-4
# All that a client needs: numpy, onnxruntime and tokenizers.
CLIENT = """
import json
import numpy as np
import onnxruntime
from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file("tokenizer.json")
tokenizer.encode_special_tokens = True
session = onnxruntime.InferenceSession("model.onnx")
texts, partners = job
rows = texts if partners is None else list(zip(texts, partners))
encodings = tokenizer.encode_batch(rows)
feeds = {
    "input_ids": np.array([each.ids for each in encodings]),
    "token_type_ids": np.array([each.type_ids for each in encodings]),
    "attention_mask": np.array([each.attention_mask for each in encodings]),
}
logits, = session.run(["logits"], feeds)
names = json.load(open("labels.json"))["names"]
answer = {
    "logits": logits.tolist(), "labels": [names[row.argmax()] for row in logits]
}
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
"""


def difference(predictor, folder, texts, texts_b=None):
    (export,) = EXPORTER.open(folder)
    assert export.tolerance == TOLERANCE
    return np.abs(
        export.logits(texts, texts_b) - predictor.logits(texts, texts_b)
    ).max()


@pytest.mark.parametrize("is_pair", [False, True])
def test_a_client_that_does_not_know_us(tmp_path, is_pair):
    predictor = make_predictor(is_pair=is_pair)
    folder = written(EXPORTER, predictor, tmp_path / "onnx")
    partners = PARTNERS if is_pair else None
    answer = run_client(CLIENT, [PLAIN_TEXTS, partners], folder)
    expected = predictor.logits(PLAIN_TEXTS, partners)
    np.testing.assert_allclose(answer["logits"], expected, rtol=0, atol=TOLERANCE)
    predictions = predictor.predict(PLAIN_TEXTS, partners)
    assert answer["labels"] == [prediction.label for prediction in predictions]
    assert difference(predictor, folder, PLAIN_TEXTS, partners) < TOLERANCE


@pytest.mark.parametrize(
    "student",
    [
        {"pooling_strategy": "mean", "do_lower_case": False, "hidden_act": "gelu_erf"},
        {"names": (), "hidden_act": "silu"},
    ],
    ids=str,
)
def test_all_kinds_of_bert(tmp_path, student):
    predictor = make_predictor(**student)
    folder = written(EXPORTER, predictor, tmp_path / "onnx")
    texts = [*PLAIN_TEXTS, *ODD_TEXTS]
    assert difference(predictor, folder, texts) < TOLERANCE
    alone = [predictor.logits([text]) for text in texts]
    (export,) = EXPORTER.open(folder)
    found = [export.logits([text], None) for text in texts]
    np.testing.assert_allclose(found, alone, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("is_pair", [False, True])
def test_students_that_read_words(tmp_path, is_pair):
    predictor = make_word_predictor(is_pair=is_pair)
    folder = written(EXPORTER, predictor, tmp_path / "onnx")
    assert difference(predictor, folder, *columns(predictor)) < TOLERANCE
    model = onnx.load(folder / "model.onnx")
    sides = ("first_", "second_") if is_pair else ("",)
    assert {each.name for each in model.graph.input} >= {
        f"{side}{name}" for side in sides for name in ("input_ids", "attention_mask")
    }


def test_the_interface_of_the_file(tmp_path):
    folder = written(EXPORTER, make_predictor(), tmp_path / "onnx")
    model = onnx.load(folder / "model.onnx")
    assert {each.version for each in model.opset_import if not each.domain} == {OPSET}
    assert {node.domain for node in model.graph.node} == {""}
    inputs = {value.name: _type_of(value) for value in model.graph.input}
    kind = (onnx.TensorProto.INT64, ["batch", "length"])
    names = ("input_ids", "token_type_ids", "attention_mask")
    assert inputs == {name: kind for name in names}
    outputs = {value.name: _type_of(value) for value in model.graph.output}
    assert outputs == {"logits": (onnx.TensorProto.FLOAT, ["batch", 3])}
    (export,) = EXPORTER.open(folder)
    assert {path.name for path in export.files} >= {
        *("model.onnx", "tokenizer.json", "labels.json", "text_settings.json")
    }
    assert export.logits([], None).shape == (0, 3)


def _type_of(value):
    tensor = value.type.tensor_type
    dimensions = [each.dim_param or each.dim_value for each in tensor.shape.dim]
    return tensor.elem_type, dimensions


def test_an_operation_that_onnx_lacks_is_one_sentence(tmp_path):
    predictor = make_predictor()
    call = predictor.model.output_dense.call
    predictor.model.output_dense.call = lambda inputs: tf.math.bessel_i0e(call(inputs))
    with pytest.raises(DistillError, match="operation that ONNX lacks .*BesselI0e"):
        EXPORTER.export(predictor, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("module", ["tf2onnx", "onnxruntime", "tokenizers"])
def test_what_is_not_installed_is_named(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(DistillError, match=rf'{module}.*pip install "distill_tf\[onnx'):
        EXPORTER.check(make_predictor())
