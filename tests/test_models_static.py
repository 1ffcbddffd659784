"""The static encoder: a masked mean of word vectors."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_words import LENGTHS
from tiny_words import STATIC
from tiny_words import make_text
from tiny_words import randomize

from distill_tf.models.static import StaticEncoder


def build(**changes):
    encoder = StaticEncoder(replace(STATIC, **changes))
    encoder.build()
    return randomize(encoder)


def test_features_are_the_mean_of_the_words():
    encoder, inputs = build(), make_text(width=9, garbage=3)
    table, outputs = encoder.embeddings.table.numpy(), encoder(inputs)
    for row, length in enumerate(LENGTHS):
        vectors = table[inputs["token_ids"][row, :length]]
        np.testing.assert_allclose(
            outputs["features"][row], vectors.mean(axis=0), rtol=1e-5
        )
        np.testing.assert_array_equal(
            outputs["hidden_states"][0][row, :length], vectors
        )


@pytest.mark.parametrize("training", [True, False])
def test_dropout_drops_words_vectors_in_training_alone(training):
    encoder, inputs = build(embedding_dropout_prob=0.5), make_text((9, 9))
    (vectors,) = encoder(inputs, training=training)["hidden_states"]
    zeros = (vectors.numpy() == 0).mean()
    assert 0.3 < zeros < 0.7 if training else zeros == 0
