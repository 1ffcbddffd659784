"""A configuration that does not belong to the checkpoint."""

from dataclasses import replace

import pytest
from tiny_bert import CONFIG
from tiny_bert import random_weights

from distill_tf.checkpoints.size_check import check_sizes
from distill_tf.errors import DistillError

SHAPES = {name: array.shape for name, array in random_weights().items()}


def test_matching_configuration_passes():
    check_sizes({**SHAPES, "global_step": ()}, CONFIG, "weights", "config")


@pytest.mark.parametrize(
    ("field", "configured"),
    [
        ("vocab_size", 38),
        ("hidden_size", 24),
        ("num_hidden_layers", 1),
        ("num_hidden_layers", 3),
        ("intermediate_size", 21),
        ("max_position_embeddings", 18),
        ("type_vocab_size", 3),
    ],
)
def test_both_numbers_are_named(field, configured):
    config = replace(CONFIG, **{field: configured})
    actual = getattr(CONFIG, field)
    says = f"config says {field} is {configured}, but weights has {actual} "
    with pytest.raises(DistillError, match=says):
        check_sizes(SHAPES, config, "weights", "config")


@pytest.mark.parametrize("shapes", [{}, {"model/wte": (3, 4)}])
def test_no_bert_at_all(shapes):
    found = "model/wte" if shapes else "nothing at all"
    with pytest.raises(DistillError, match=f"holds {found}; give"):
        check_sizes(shapes, CONFIG, "weights", "config")
