"""The encoder as a model."""

import numpy as np
from tiny_bert import CONFIG
from tiny_training import make_inputs

from distill_tf.models.bert_model import BertModel


def test_it_gives_what_its_encoder_gives():
    model, inputs = BertModel(CONFIG), make_inputs()
    expected = model.encoder(inputs)
    found = model.compute_outputs(inputs)
    assert found.keys() == expected.keys()
    np.testing.assert_array_equal(
        found["hidden_states"][-1], expected["hidden_states"][-1]
    )
    np.testing.assert_array_equal(model(inputs), expected["pooled_output"])


def test_dropout_drops_in_training_alone():
    model, inputs = BertModel(CONFIG), make_inputs()
    trained = model.compute_outputs(inputs, training=True)["hidden_states"][0]
    assert not np.array_equal(
        trained, model.compute_outputs(inputs)["hidden_states"][0]
    )
