"""LiteRT, read by its interpreter."""

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
from distill_tf.export.litert import EXPORTER
from distill_tf.export.litert import TOLERANCES

ai_edge_litert = pytest.importorskip("ai_edge_litert.interpreter")
pytest.importorskip("tokenizers")

# Kernels large enough to be quantized.
WIDE = {"hidden_size": 48, "intermediate_size": 96, "initializer_range": 0.1}
# All that a client needs: numpy, ai_edge_litert and tokenizers. The package has none of
# TensorFlow's operations, so a model that asks for them would not load.
CLIENT = """
import json
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file("tokenizer.json")
tokenizer.encode_special_tokens = True
texts, partners = job
rows = texts if partners is None else list(zip(texts, partners))
encodings = tokenizer.encode_batch(rows)
feeds = {
    "input_ids": np.array([each.ids for each in encodings], np.int32),
    "token_type_ids": np.array([each.type_ids for each in encodings], np.int32),
    "attention_mask": np.array([each.attention_mask for each in encodings], np.int32),
}
names = json.load(open("labels.json"))["names"]
answer = {}
for variant in ("float32", "float16", "int8"):
    runner = Interpreter(f"model_{variant}.tflite").get_signature_runner()
    logits = runner(**feeds)["logits"]
    labels = [names[row.argmax()] for row in logits]
    answer[variant] = {"logits": logits.tolist(), "labels": labels}
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
"""


def differences(predictor, folder, texts, texts_b=None):
    expected = predictor.logits(texts, texts_b)
    return {
        export.variant: np.abs(export.logits(texts, texts_b) - expected).max()
        for export in EXPORTER.open(folder)
    }


def assert_within_tolerance(found):
    assert found.keys() == TOLERANCES.keys()
    assert {name for name in found if found[name] > TOLERANCES[name]} == set()


@pytest.mark.parametrize("is_pair", [False, True])
def test_a_client_that_does_not_know_us(tmp_path, is_pair):
    predictor = make_predictor(is_pair=is_pair)
    folder = written(EXPORTER, predictor, tmp_path / "litert")
    partners = PARTNERS if is_pair else None
    answer = run_client(CLIENT, [PLAIN_TEXTS, partners], folder)
    expected = predictor.logits(PLAIN_TEXTS, partners)
    assert_within_tolerance(
        {name: np.abs(each["logits"] - expected).max() for name, each in answer.items()}
    )
    predictions = predictor.predict(PLAIN_TEXTS, partners)
    labels = [prediction.label for prediction in predictions]
    assert answer["float32"]["labels"] == labels
    assert_within_tolerance(differences(predictor, folder, PLAIN_TEXTS, partners))


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
    folder = written(EXPORTER, predictor, tmp_path / "litert")
    texts = [*PLAIN_TEXTS, *ODD_TEXTS]
    assert_within_tolerance(differences(predictor, folder, texts))
    alone = [predictor.logits([text]) for text in texts]
    export = EXPORTER.open(folder)[0]
    found = [export.logits([text], None) for text in texts]
    np.testing.assert_allclose(found, alone, rtol=0, atol=export.tolerance)


@pytest.mark.parametrize("is_pair", [False, True])
def test_students_that_read_words(tmp_path, is_pair):
    predictor = make_word_predictor(is_pair=is_pair)
    folder = written(EXPORTER, predictor, tmp_path / "litert")
    assert_within_tolerance(differences(predictor, folder, *columns(predictor)))


def test_half_and_a_quarter_of_the_bytes(tmp_path):
    predictor = make_predictor(**WIDE)
    folder = written(EXPORTER, predictor, tmp_path / "litert")
    exports = {export.variant: export for export in EXPORTER.open(folder)}
    sizes = {name: export.files[0].stat().st_size for name, export in exports.items()}
    graph = 60_000  # Bytes of the file that are not weights, at most.
    assert sizes["float32"] > 4 * predictor.model.num_parameters
    assert sizes["float16"] < 2 * predictor.model.num_parameters + graph
    assert sizes["int8"] < sizes["float16"] - 0.5 * predictor.model.num_parameters
    found = differences(predictor, folder, PLAIN_TEXTS)
    assert_within_tolerance(found)
    assert found["float32"] < found["float16"] < found["int8"]
    # A variant's files are those that it needs, and not the other variants.
    for name, export in exports.items():
        models = [path for path in export.files if path.suffix == ".tflite"]
        assert models == [folder / f"model_{name}.tflite"]
        assert folder / "tokenizer.json" in export.files
        assert export.logits([], None).shape == (0, 3)


def test_the_interface_of_the_file(tmp_path):
    folder = written(EXPORTER, make_predictor(), tmp_path / "litert")
    for variant in TOLERANCES:
        model = str(folder / f"model_{variant}.tflite")
        interpreter = ai_edge_litert.Interpreter(model)
        runner = interpreter.get_signature_runner()
        inputs, outputs = runner.get_input_details(), runner.get_output_details()
        names = {"input_ids", "token_type_ids", "attention_mask"}
        assert inputs.keys() == names
        for each in inputs.values():
            assert each["dtype"] is np.int32
            assert each["shape_signature"].tolist() == [-1, -1]
        assert outputs["logits"]["dtype"] is np.float32
        assert outputs["logits"]["shape_signature"].tolist() == [-1, 3]


def test_an_operation_that_litert_lacks_is_one_sentence(tmp_path):
    predictor = make_predictor()
    call = predictor.model.output_dense.call
    predictor.model.output_dense.call = lambda inputs: tf.math.bessel_i0e(call(inputs))
    with pytest.raises(DistillError, match="operation that LiteRT lacks .*BesselI0e"):
        EXPORTER.export(predictor, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("module", ["ai_edge_litert.interpreter", "tokenizers"])
def test_what_is_not_installed_is_named(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        DistillError, match=rf"{module}.*pip install .distill_tf\[litert"
    ):
        EXPORTER.check(make_predictor())
