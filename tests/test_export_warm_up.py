"""Warm-up requests are ones that the model answers."""

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2
from tiny_exports import MAX_TOKENS
from tiny_exports import make_predictor

from distill_tf.export.savedmodel import EXPORTER


def logs(folder):
    path = folder / "1/assets.extra/tf_serving_warmup_requests"
    records = tf.data.TFRecordDataset(str(path)).as_numpy_iterator()
    return [prediction_log_pb2.PredictionLog.FromString(record) for record in records]


def test_the_model_answers_them_all(tmp_path):
    predictor = make_predictor(is_pair=True)
    EXPORTER.export(predictor, tmp_path)
    loaded = tf.saved_model.load(str(tmp_path / "1"))
    sizes = set()
    for log in logs(tmp_path):
        assert log.WhichOneof("log_type") == "predict_log"
        request = log.predict_log.request
        inputs = {name: tf.make_ndarray(t) for name, t in request.inputs.items()}
        answer = loaded.signatures[request.model_spec.signature_name](
            **{name: tf.constant(texts) for name, texts in inputs.items()}
        )
        texts = [[text.decode() for text in inputs[n]] for n in ("text_a", "text_b")]
        np.testing.assert_allclose(
            answer["logits"], predictor.logits(*texts), atol=1e-5, rtol=0
        )
        lengths = predictor.encode(*texts).lengths
        assert len(set(lengths)) == 1
        sizes.add((len(lengths), int(lengths[0])))
    batches, lengths = (set(column) for column in zip(*sizes, strict=True))
    assert len(batches) == 2 and 1 in batches
    assert min(lengths) < MAX_TOKENS == max(lengths)
    assert len(logs(tmp_path)) <= 1000  # The server's limit.
