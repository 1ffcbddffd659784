"""The state of dropout's generators."""

import numpy as np
import pytest
from tiny_training import STUDENT
from tiny_training import make_classifier
from tiny_training import make_inputs

from distill_tf.training.dropout_seeds import dropout_seeds
from distill_tf.training.dropout_seeds import reseed
from distill_tf.training.dropout_seeds import set_dropout_seeds


def drop(model):
    return np.asarray(model(make_inputs(), training=True))


def test_dropout_goes_on_from_the_seeds_that_were_kept():
    model = make_classifier(STUDENT)
    drop(model)
    kept = dropout_seeds(model)
    # Embeddings, three dropouts in each of two layers, head.
    assert np.shape(kept) == (8, 2)
    first, second = drop(model), drop(model)
    assert np.abs(first - second).max() > 1e-3
    set_dropout_seeds(model, kept)
    np.testing.assert_allclose(drop(model), first, rtol=1e-5)
    np.testing.assert_allclose(drop(model), second, rtol=1e-5)


def test_a_new_start_forgets_what_was_drawn():
    model = make_classifier(STUDENT)
    drawn = []
    for seed in (7, 7, 8):
        reseed(model, seed)
        drawn.append(drop(model))
    np.testing.assert_allclose(drawn[0], drawn[1], rtol=1e-5)
    assert np.abs(drawn[0] - drawn[2]).max() > 1e-3
    seeds = [tuple(seed) for seed in dropout_seeds(model)]
    assert len(set(seeds)) == len(seeds)


def test_another_number_of_generators_is_refused():
    model = make_classifier(STUDENT)
    with pytest.raises(ValueError, match="zip"):
        set_dropout_seeds(model, dropout_seeds(model)[1:])
