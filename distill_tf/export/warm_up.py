"""Requests that TensorFlow Serving runs before it says that a model is ready."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

import tensorflow as tf

from distill_tf.export.exporter import import_tool

_BATCH_SIZES = (1, 8)


def check_serving_messages() -> None:
    """DistillError unless the messages of TensorFlow Serving are installed."""
    _messages("prediction_log_pb2")


class WarmUpRequest(NamedTuple):
    """What is asked, and of which signature.

    Attributes:
        signature: its name.
        inputs: a `TensorProto` each.
    """

    signature: str
    inputs: Mapping[str, Any]


def warm_up_texts(max_words: int) -> Iterator[list[str]]:
    """Texts of several lengths, one by one and in batches.

    The first request of a new shape takes TensorFlow longer than the next ones.

    Args:
        max_words: the longest text in words.
    """
    for words in sorted({1, max(max_words // 4, 1), max_words}):
        for batch_size in _BATCH_SIZES:
            yield [" ".join(["a"] * words)] * batch_size


def text_requests(
    signature: str, input_names: Sequence[str], max_words: int
) -> Iterator[WarmUpRequest]:
    """Requests whose inputs, of these names, are all texts."""
    for texts in warm_up_texts(max_words):
        proto = tf.make_tensor_proto(texts, tf.string)
        yield WarmUpRequest(signature, dict.fromkeys(input_names, proto))


def write_warm_up_requests(path: Path, requests: Iterable[WarmUpRequest]) -> None:
    """Writes `assets.extra/tf_serving_warmup_requests` of a SavedModel.

    That is a TFRecord of PredictionLog messages.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for request in requests:
            writer.write(_prediction_log(request).SerializeToString())


def _prediction_log(warm_up: WarmUpRequest):
    log = _messages("prediction_log_pb2").PredictionLog()
    request = log.predict_log.request
    request.model_spec.signature_name = warm_up.signature
    for name, proto in warm_up.inputs.items():
        request.inputs[name].CopyFrom(proto)
    return log


def _messages(module: str):
    return import_tool(f"tensorflow_serving.apis.{module}", extra="serving")
