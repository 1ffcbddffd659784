"""The graph that is served holds what serving needs, and no more."""

import re

import pytest
import tensorflow as tf
from tiny_exports import make_predictor
from tiny_exports import make_word_predictor

from distill_tf.export.serving_module import ServingModule

# What tensorflow_model_server has beside TensorFlow's own operations: those of
# tensorflow_text:ops_lib in release 2.12, the oldest that its newer builds link in.
TEXT_OPERATIONS = {
    "FastWordpieceTokenizeWithOffsets",
    "NormalizeUTF8",
    "RegexSplitWithOffsets",
}
ONLY_IN_TRAINING = re.compile(r"Random|Dropout|Adam|Assign|Gradient|PyFunc")
KINDS = [
    make_predictor,
    make_word_predictor,
    lambda: make_word_predictor("basic", is_pair=True),
]


def operations(function) -> set[str]:
    graph = function.graph.as_graph_def()
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    return {node.op for node in nodes}


@pytest.fixture(params=KINDS, ids=["bert", "words", "basic_pair"])
def module(request, tmp_path):
    return ServingModule(request.param(), tmp_path)


def test_the_graph_has_nothing_of_training(module):
    for function in module.signatures().values():
        found = operations(function)
        assert not [name for name in found if ONLY_IN_TRAINING.search(name)]


def test_the_server_knows_every_operation(module):
    functions = module.signatures()
    text = operations(functions["serving_default"])
    own = {name for name in text if not _is_tensorflows(name)}
    assert own and own <= TEXT_OPERATIONS
    assert all(map(_is_tensorflows, operations(functions["from_token_ids"])))


def _is_tensorflows(name: str) -> bool:
    return hasattr(tf.raw_ops, name)


def test_only_the_weights_are_variables(module):
    predictor = module._predictor
    assert len(module.variables) == len(predictor.model.weights)
    assert all(isinstance(variable, tf.Variable) for variable in module.variables)


def test_batch_and_length_are_free(module):
    for function in module.signatures().values():
        for spec in function.structured_input_signature[1].values():
            assert set(spec.shape) == {None}
