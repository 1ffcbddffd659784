"""Requests to a SavedModel, and the answers of a process that has none of our code."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from scipy.special import softmax
from tensorflow_serving.apis import predict_pb2
from tiny_exports import LABELS

CLIENT = Path(__file__).with_name("saved_model_client.py")
PATIENCE_SECONDS = 300


def run(*arguments, stdin=None, cwd=None):
    process = subprocess.run(
        [sys.executable, *map(str, arguments)],
        input=stdin,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def request(signature, **inputs):
    """A PredictRequest as a client of the server sends it, in base64."""
    message = predict_pb2.PredictRequest()
    message.model_spec.name = "classifier"
    message.model_spec.signature_name = signature
    for name, value in inputs.items():
        message.inputs[name].CopyFrom(tf.make_tensor_proto(value))
    return base64.b64encode(message.SerializeToString()).decode("ascii")


def ask(asked, cwd, *options):
    """The answers of a process that has none of our code.

    Args:
        asked: pairs of an export's folder and a list of requests.
        cwd: where the process runs.
        options: "bare" for a process without Keras too.
    """
    asked = [(str(folder / "1"), requests) for folder, requests in asked]
    output = run("-I", CLIENT, *options, stdin=json.dumps(asked), cwd=cwd)
    found = json.loads(output.splitlines()[-1])
    assert found["ours"] == []
    return found["answers"]


def assert_is(answer, logits, tolerance=1e-5):
    np.testing.assert_allclose(answer["logits"], logits, atol=tolerance, rtol=0)
    np.testing.assert_allclose(
        answer["probabilities"], softmax(logits, axis=1), atol=tolerance, rtol=0
    )
    assert answer["label"] == [LABELS[row.argmax()] for row in logits]
