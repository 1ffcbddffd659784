"""Export as ONNX, for ONNX Runtime."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.export.batches import in_batches
from distill_tf.export.constant_graph import constant_graph
from distill_tf.export.exporter import Export
from distill_tf.export.exporter import files_under
from distill_tf.export.exporter import import_tool
from distill_tf.export.flat_inputs import length_name
from distill_tf.export.quiet import quiet
from distill_tf.export.text_inputs import open_text_inputs
from distill_tf.export.text_inputs import save_text_inputs
from distill_tf.labels import LabelSet
from distill_tf.predictor import Predictor

# The newest that tf2onnx writes; ONNX Runtime has run it since 1.14.
OPSET = 18
_EXTRA = "onnx"
_MODEL = "model.onnx"


class OnnxExporter:
    """Writes `model.onnx` with what turns texts into its inputs.

    Inputs are `input_ids`, `token_type_ids` and `attention_mask`, int64
    [batch, length], the names and types of Hugging Face's own ONNX files; the output is
    `logits`, float32 [batch, C]. Batch and length are free. All operations are ONNX's
    own, and ONNX Runtime fuses them for its processor when it loads the file.

    The graph is traced from the Keras model by tf2onnx, so a student of any kind can
    be written whose operations ONNX has.
    """

    name = "onnx"

    def check(self, predictor: Predictor) -> None:
        for module in ("tf2onnx", "onnx", "onnxruntime", "tokenizers"):
            import_tool(module, _EXTRA)

    def export(self, predictor: Predictor, folder: Path) -> None:
        onnx = import_tool("onnx", _EXTRA)
        tf2onnx = import_tool("tf2onnx", _EXTRA)
        graph = constant_graph(predictor, tf.int64)
        with quiet():
            model, _ = tf2onnx.convert.from_function(
                graph.function,
                input_signature=list(graph.specs),
                opset=OPSET,
                custom_op_handlers={"Erfc": (_one_minus_erf, [])},
            )
        _name_dimensions(model.graph)
        refusals = (onnx.checker.ValidationError, onnx.shape_inference.InferenceError)
        try:
            onnx.checker.check_model(model, full_check=True)
        except refusals as error:
            raise DistillError(
                "this model has an operation that ONNX lacks "
                f"({str(error).splitlines()[0]}); choose another format, such as "
                "savedmodel."
            ) from error
        onnx.save(model, folder / _MODEL)
        save_text_inputs(predictor, folder)

    def open(self, folder: Path) -> tuple[Export, ...]:
        onnxruntime = import_tool("onnxruntime", _EXTRA)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            folder / _MODEL, options, providers=["CPUExecutionProvider"]
        )
        text_inputs = open_text_inputs(folder, _EXTRA)
        names = [each.name for each in session.get_inputs()]

        def run(texts: Sequence[str], texts_b: Sequence[str] | None):
            arrays = text_inputs(texts, texts_b)
            feeds = {name: arrays[name].astype("int64", copy=False) for name in names}
            return session.run(["logits"], feeds)[0]

        num_outputs = LabelSet.load(folder / "labels.json").num_outputs
        logits = in_batches(run, num_outputs)
        return (Export(files_under(folder), logits, tolerance=1e-4),)


def _one_minus_erf(context: Any, node: Any, name: str, args: list) -> None:
    """Writes TensorFlow's Erfc, which ONNX lacks, as 1 - Erf."""
    erf = context.make_node("Erf", [node.input[0]])
    one = context.make_const(f"{name}_one", np.array(1, np.float32))
    context.remove_node(name)
    context.make_node(
        "Sub", [one.output[0], erf.output[0]], outputs=node.output, name=name
    )


def _name_dimensions(graph: Any) -> None:
    """Names the free dimensions by what they are, where tf2onnx numbers them."""
    for value in (*graph.input, *graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    for value in graph.input:
        value.type.tensor_type.shape.dim[1].dim_param = length_name(value.name)


EXPORTER = OnnxExporter()
