"""Export as ONNX, for ONNX Runtime."""

from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

from distill_tf.export.batches import in_batches
from distill_tf.export.exporter import Export
from distill_tf.export.exporter import files_under
from distill_tf.export.exporter import import_tool
from distill_tf.export.onnx_conversion import convert_to_onnx
from distill_tf.export.portable_model import PortableModel
from distill_tf.export.text_inputs import open_text_inputs
from distill_tf.export.text_inputs import save_text_inputs
from distill_tf.labels import LabelSet
from distill_tf.predictor import Predictor

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
    marker = "model.onnx"
    is_versioned = False

    def check(self, predictor: Predictor) -> None:
        for module in ("tf2onnx", "onnx", "onnxruntime", "tokenizers"):
            import_tool(module, _EXTRA)

    def export(self, predictor: Predictor, folder: Path) -> None:
        onnx = import_tool("onnx", _EXTRA)
        model = convert_to_onnx(PortableModel.of(predictor, tf.int64))
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


EXPORTER = OnnxExporter()
