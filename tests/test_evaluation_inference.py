"""The traced forward pass."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_training import STUDENT
from tiny_training import make_classifier
from tiny_training import make_encoded
from tiny_training import make_inputs

from distill_tf.evaluation import inference
from distill_tf.evaluation.inference import Inference

LENGTHS = np.array([5, 3, 9, 4, 11, 3, 6])


@pytest.mark.parametrize(("batch_size", "classes"), [(1, 3), (3, 1), (64, 3)])
def test_logits_come_in_the_examples_order(batch_size, classes):
    model, encoded = make_classifier(STUDENT, classes), make_encoded(LENGTHS)
    logits = Inference(model).logits(encoded, batch_size)
    assert (logits.shape, logits.dtype) == ((7, classes), np.float32)
    for index in range(7):
        alone = encoded.pad(np.array([index]), LENGTHS[index])
        expected = model(alone, training=False)[0]
        np.testing.assert_allclose(logits[index], expected, atol=1e-5)


def test_a_batch_may_be_computed_in_parts(monkeypatch):
    monkeypatch.setattr(inference, "inference_parts", lambda: 2)
    model, encoded = make_classifier(STUDENT), make_encoded(LENGTHS)
    logits = Inference(model).logits(encoded, 3)
    np.testing.assert_allclose(
        logits, model(encoded.pad(np.arange(7), 11), training=False), atol=1e-5
    )


def test_no_examples_give_no_logits():
    inference = Inference(make_classifier(STUDENT))
    assert inference.logits(make_encoded([]), 4).shape == (0, 3)


def test_it_follows_the_weights_and_is_traced_once():
    model = make_classifier(STUDENT)
    inference, traces = Inference(model), []
    call = model.call
    model.call = lambda *args, **kwargs: traces.append(1) or call(*args, **kwargs)
    before = inference(make_inputs())
    model.output_dense.bias.assign_add([1.0, 2.0, 3.0])
    np.testing.assert_allclose(inference(make_inputs()) - before, [[1, 2, 3]] * 3, 1e-4)
    inference(make_inputs((4, 2), width=5))
    assert len(traces) == 1


def test_nothing_is_dropped():
    inference = Inference(make_classifier(replace(STUDENT, hidden_dropout_prob=0.5)))
    first, second = inference(make_inputs()), inference(make_inputs())
    np.testing.assert_allclose(first, second, rtol=1e-5)
