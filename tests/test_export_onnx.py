"""What is ONNX's own; see test_export_traced_formats for the rest."""

import numpy as np
import pytest
from export_students import make_predictor
from export_students import written
from tiny_exports import make_word_predictor

from distill_tf.export.onnx import EXPORTER
from distill_tf.export.onnx_conversion import OPSET

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
pytest.importorskip("tf2onnx")
pytest.importorskip("tokenizers")


@pytest.mark.parametrize("sides", [("",), ("first_", "second_")])
def test_the_interface_of_the_file(tmp_path, sides):
    make = make_word_predictor if sides[0] else make_predictor
    predictor = make(is_pair=bool(sides[0]))
    folder = written(EXPORTER, predictor, tmp_path / "onnx")
    model = onnx.load(folder / "model.onnx")
    assert {each.version for each in model.opset_import if not each.domain} == {OPSET}
    assert {node.domain for node in model.graph.node} == {""}
    inputs = {value.name: _type_of(value) for value in model.graph.input}
    assert inputs == {
        f"{side}{name}": (onnx.TensorProto.INT64, ["batch", f"{side}length"])
        for side in sides
        for name in ("input_ids", "token_type_ids", "attention_mask")
    }
    outputs = {value.name: _type_of(value) for value in model.graph.output}
    assert outputs == {"logits": (onnx.TensorProto.FLOAT, ["batch", 3])}
    (export,) = EXPORTER.open(folder)
    assert folder / "model.onnx" in export.files


def test_the_file_holds_once_what_is_read_of_the_weights(tmp_path):
    predictor = make_predictor(pooling_strategy="mean")
    folder = written(EXPORTER, predictor, tmp_path / "onnx")
    stored = [
        onnx.numpy_helper.to_array(each)
        for each in onnx.load(folder / "model.onnx").graph.initializer
    ]
    pooler = {id(weight) for weight in predictor.model.encoder.pooler.weights}
    weights = [w.numpy() for w in predictor.model.weights if id(w) not in pooler]
    for weight in weights:
        assert any(np.array_equal(weight, array) for array in stored)
    others = sum(array.size for array in stored) - sum(w.size for w in weights)
    assert 0 <= others < 100  # Constants of the graph.


def _type_of(value):
    tensor = value.type.tensor_type
    dimensions = [each.dim_param or each.dim_value for each in tensor.shape.dim]
    return tensor.elem_type, dimensions
