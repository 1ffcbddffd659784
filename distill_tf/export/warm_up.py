"""Requests that TensorFlow Serving runs before it says that a model is ready."""

from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

from distill_tf.export.exporter import import_tool
from distill_tf.export.serving_module import TEXT_SIGNATURE

_BATCH_SIZES = (1, 8)


def check_serving_messages() -> None:
    """DistillError unless the messages of TensorFlow Serving are installed."""
    _messages("prediction_log_pb2")


def write_warm_up_requests(
    path: Path, input_names: Sequence[str], max_words: int
) -> None:
    """Writes texts of several lengths, one by one and in batches.

    The first request of a new shape takes TensorFlow longer than the next ones.

    Args:
        path: `assets.extra/tf_serving_warmup_requests` of a SavedModel; a TFRecord of
            PredictionLog messages.
        input_names: the string inputs of `serving_default`.
        max_words: the longest text in words.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for words in sorted({1, max(max_words // 4, 1), max_words}):
            for batch_size in _BATCH_SIZES:
                texts = [" ".join(["a"] * words)] * batch_size
                log = _prediction_log({name: texts for name in input_names})
                writer.write(log.SerializeToString())


def _prediction_log(inputs: dict[str, list[str]]):
    log = _messages("prediction_log_pb2").PredictionLog()
    request = log.predict_log.request
    request.model_spec.signature_name = TEXT_SIGNATURE
    for name, texts in inputs.items():
        request.inputs[name].CopyFrom(tf.make_tensor_proto(texts, tf.string))
    return log


def _messages(module: str):
    return import_tool(f"tensorflow_serving.apis.{module}", extra="serving")
