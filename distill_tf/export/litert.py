"""Export as LiteRT (TensorFlow Lite): float32, dynamic-range int8 and float16."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from distill_tf.errors import DistillError
from distill_tf.export.batches import in_batches
from distill_tf.export.exporter import Export
from distill_tf.export.exporter import TextsToLogits
from distill_tf.export.exporter import files_under
from distill_tf.export.exporter import import_tool
from distill_tf.export.portable_model import PortableModel
from distill_tf.export.quiet import quiet
from distill_tf.export.text_inputs import TextInputs
from distill_tf.export.text_inputs import open_text_inputs
from distill_tf.export.text_inputs import save_text_inputs
from distill_tf.labels import LabelSet
from distill_tf.predictor import Predictor

_EXTRA = "litert"
_INTERPRETER = "ai_edge_litert.interpreter"

# The largest difference of a logit from the Keras model's, one for each variant.
TOLERANCES = {"float32": 1e-4, "float16": 1e-2, "int8": 0.25}


class LiteRTExporter:
    """Writes `model_float32.tflite`, `model_float16.tflite` and `model_int8.tflite`.

    Each has one signature: `input_ids`, `token_type_ids` and `attention_mask`, int32
    [batch, length], to `logits`, float32 [batch, C]. Batch and length are free: an
    interpreter resizes its tensors to what it is given. Only LiteRT's own operations
    are used, so no delegate for TensorFlow's is needed.

    "float16" stores the weights in half the bytes and computes in float32. "int8" is
    dynamic-range quantization: kernels and embeddings of at least 1024 numbers are
    stored in 8 bits, and matrix products are of 8-bit integers, with scales of the
    activations found on the run. No calibration data is needed.

    The graph is traced from the Keras model, so a student of any kind can be written
    whose operations LiteRT has.
    """

    name = "litert"
    marker = "model_float32.tflite"
    is_versioned = False

    def check(self, predictor: Predictor) -> None:
        for module in (_INTERPRETER, "tokenizers"):
            import_tool(module, _EXTRA)

    def export(self, predictor: Predictor, folder: Path) -> None:
        portable = PortableModel.of(predictor, tf.int32)
        with tempfile.TemporaryDirectory(dir=folder) as saved_model:
            _save(portable, saved_model)
            for variant in TOLERANCES:
                path = folder / _model_file(variant)
                path.write_bytes(_convert(saved_model, variant))
        save_text_inputs(predictor, folder)

    def open(self, folder: Path) -> tuple[Export, ...]:
        text_inputs = open_text_inputs(folder, _EXTRA)
        num_outputs = LabelSet.load(folder / "labels.json").num_outputs
        models = {variant: folder / _model_file(variant) for variant in TOLERANCES}
        shared = [p for p in files_under(folder) if p not in models.values()]
        return tuple(
            Export(
                files=(models[variant], *shared),
                logits=in_batches(_runner(models[variant], text_inputs), num_outputs),
                tolerance=tolerance,
                variant=variant,
            )
            for variant, tolerance in TOLERANCES.items()
        )


def _save(portable: PortableModel, folder: str) -> None:
    """Writes a SavedModel, which holds the weights beside the graph.

    A converter of functions takes them as constants alone, and copies the graph with
    all of them a dozen times.
    """

    @tf.function(input_signature=portable.specs, autograph=False)
    def forward(*arrays: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"logits": portable.model(portable.inputs(arrays), training=False)}

    module = tf.Module()
    # TensorFlow saves variables of what owns them.
    module.weights = [weight.value for weight in portable.model.weights]
    with quiet():
        tf.saved_model.save(module, folder, forward.get_concrete_function())


def _convert(saved_model: str, variant: str) -> bytes:
    """The content of a .tflite file."""
    converter = tf.lite.TFLiteConverter.from_saved_model(saved_model)
    if variant != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if variant == "float16":
        converter.target_spec.supported_types = [tf.float16]
    try:
        with quiet():
            return converter.convert()
    except ConverterError as error:
        raise DistillError(
            "this model has an operation that LiteRT lacks "
            f"({str(error).splitlines()[0]}); choose another format, such as "
            "savedmodel."
        ) from error


def _runner(path: Path, text_inputs: TextInputs) -> TextsToLogits:
    interpreter = import_tool(_INTERPRETER, _EXTRA).Interpreter(
        model_path=str(path), num_threads=1
    )
    signature = interpreter.get_signature_runner()
    names = list(signature.get_input_details())

    def run(texts: Sequence[str], texts_b: Sequence[str] | None) -> np.ndarray:
        arrays = text_inputs(texts, texts_b)
        return signature(**{name: arrays[name].astype("int32") for name in names})[
            "logits"
        ]

    return run


def _model_file(variant: str) -> str:
    return f"model_{variant}.tflite"


EXPORTER = LiteRTExporter()
