"""Operations, and time."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from tiny_training import STUDENT
from tiny_training import make_classifier

from distill_tf.evaluation import cost
from distill_tf.evaluation.cost import dummy_inputs
from distill_tf.evaluation.cost import measure_latency
from distill_tf.models.bert_config import BertConfig

BERT_BASE = BertConfig(vocab_size=30522)
TINYBERT = replace(
    BERT_BASE, num_hidden_layers=4, hidden_size=312, intermediate_size=1200
)


@pytest.mark.parametrize(
    ("config", "length", "billions"),
    [(BERT_BASE, 128, 22.35), (TINYBERT, 128, 1.247), (BERT_BASE, 1, 0.1699)],
)
def test_operations_by_hand(config, length, billions):
    assert config.flops(length) / 1e9 == pytest.approx(billions, rel=1e-3)


def test_operations_are_those_of_the_graphs_matrix_products():
    model, length = make_classifier(STUDENT), 7
    tensors = {name: tf.constant(value) for name, value in dummy_inputs(length).items()}
    function = tf.function(lambda: model.encoder(tensors, training=False))
    graph = function.get_concrete_function().graph
    total = 0
    for operation in graph.get_operations():
        if operation.type in ("MatMul", "BatchMatMulV2"):
            inner = operation.inputs[0].shape[-1]
            total += 2 * inner * operation.outputs[0].shape.num_elements()
    pooler = 2 * STUDENT.hidden_size**2
    assert total - pooler == model.flops(length)


def test_latency_is_that_of_the_calls_after_the_warm_up(monkeypatch):
    # Ten slow calls that do not count, then fifty of 1 to 50 ms.
    seconds = [9.0] * 10 + [n / 1000 for n in range(1, 51)]
    clock, durations = [0.0], iter(seconds)
    monkeypatch.setattr(cost.time, "perf_counter", lambda: clock[0])

    def call():
        clock[0] += next(durations)

    latency = measure_latency(call)
    assert next(durations, None) is None
    milliseconds = np.arange(1, 51)
    assert latency.ms_p50 == pytest.approx(np.percentile(milliseconds, 50))
    assert latency.ms_p90 == pytest.approx(np.percentile(milliseconds, 90))


def test_dummy_inputs_are_one_full_row():
    inputs = dummy_inputs(5)
    assert {name: array.shape for name, array in inputs.items()} == {
        "token_ids": (1, 5),
        "segment_ids": (1, 5),
        "padding_mask": (1, 5),
    }
    assert inputs["padding_mask"].all()
