"""A client that knows TensorFlow only: python -I saved_model_client.py [bare].

On stdin is a JSON list of [folder of a SavedModel, list of PredictRequest messages in
base64]; the answers come out as JSON. "bare" forbids Keras and loads TensorFlow Text's
kernels without its Python, as a server written in C++ has them.
"""

import base64
import importlib.util
import json
import sys
from pathlib import Path

if sys.argv[1:] == ["bare"]:
    sys.modules["keras"] = None

import tensorflow as tf

if sys.argv[1:] == ["bare"]:
    (package,) = importlib.util.find_spec("tensorflow_text").submodule_search_locations
    for operations in Path(package, "python/ops").glob("_*.so"):
        tf.load_op_library(str(operations))
else:
    import tensorflow_text  # noqa: F401

from tensorflow_serving.apis import predict_pb2


def answer(loaded, message):
    request = predict_pb2.PredictRequest.FromString(base64.b64decode(message))
    signature = loaded.signatures[request.model_spec.signature_name]
    outputs = signature(
        **{
            name: tf.constant(tf.make_ndarray(value))
            for name, value in request.inputs.items()
        }
    )
    answer = {name: value.numpy().tolist() for name, value in outputs.items()}
    if "label" in answer:
        answer["label"] = [label.decode("utf-8") for label in answer["label"]]
    return answer


answers = []
for folder, messages in json.load(sys.stdin):
    loaded = tf.saved_model.load(folder)
    answers.append([answer(loaded, message) for message in messages])
ours = [name for name in sys.modules if name.split(".")[0] == "distill_tf"]
print(json.dumps({"answers": answers, "ours": ours}))
