"""What is LiteRT's own; see test_export_traced_formats for the rest."""

import numpy as np
import pytest
from export_students import PLAIN_TEXTS
from export_students import make_predictor
from export_students import written

from distill_tf.export.litert import EXPORTER
from distill_tf.export.litert import TOLERANCES

ai_edge_litert = pytest.importorskip("ai_edge_litert.interpreter")
pytest.importorskip("tokenizers")

# Kernels large enough to be quantized.
WIDE = {"hidden_size": 48, "intermediate_size": 96, "initializer_range": 0.1}


def assert_within_tolerance(found):
    assert found.keys() == TOLERANCES.keys()
    assert {name for name in found if found[name] > TOLERANCES[name]} == set()


def test_half_and_a_quarter_of_the_bytes(tmp_path):
    predictor = make_predictor(**WIDE)
    folder = written(EXPORTER, predictor, tmp_path / "litert")
    exports = {export.variant: export for export in EXPORTER.open(folder)}
    sizes = {name: export.files[0].stat().st_size for name, export in exports.items()}
    graph = 60_000  # Bytes of the file that are not weights, at most.
    assert sizes["float32"] > 4 * predictor.model.num_parameters
    assert sizes["float16"] < 2 * predictor.model.num_parameters + graph
    assert sizes["int8"] < sizes["float16"] - 0.5 * predictor.model.num_parameters
    expected = predictor.logits(PLAIN_TEXTS)
    found = {
        name: np.abs(export.logits(PLAIN_TEXTS, None) - expected).max()
        for name, export in exports.items()
    }
    assert_within_tolerance(found)
    assert found["float32"] < found["float16"] < found["int8"]
    # A variant's files are those that it needs, and not the other variants.
    for name, export in exports.items():
        models = [path for path in export.files if path.suffix == ".tflite"]
        assert models == [folder / f"model_{name}.tflite"]
        assert folder / "tokenizer.json" in export.files


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
