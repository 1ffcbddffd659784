"""A batch in parts: the same as the whole, whatever the model and the size."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_bert import CONFIG
from tiny_towers import make_pair_encoder
from tiny_towers import make_towers
from tiny_training import STUDENT
from tiny_training import make_classifier
from tiny_training import make_inputs as make_bert_inputs
from tiny_words import BILSTM
from tiny_words import STATIC
from tiny_words import make_inputs
from tiny_words import make_model

from distill_tf.data.batches import specs_of
from distill_tf.data.padding import pad
from distill_tf.models.batch_parts import in_parts
from distill_tf.models.interaction_names import INTERACTION_NAMES
from distill_tf.models.masked_lm import BertMaskedLm
from distill_tf.text import encode_all


def bert():
    return make_classifier(STUDENT), make_bert_inputs((7, 3, 5, 4, 6))


def masked_lm():
    keras.utils.set_random_seed(0)
    model = BertMaskedLm(CONFIG, vocabulary_size=CONFIG.vocab_size)
    words = {
        "masked_positions": np.int32([[1, 2], [1, 0], [2, 3], [2, 1], [4, 5]]),
        "masked_token_ids": np.int32([[5, 7], [6, -1], [8, 5], [9, 6], [7, 7]]),
    }
    return model, make_bert_inputs((7, 3, 5, 4, 6)) | words


def words(config):
    def make():
        model, inputs = make_model(config), make_inputs(config)
        again = keras.tree.map_structure(lambda rows: rows[:2], inputs)
        both = keras.tree.map_structure(
            lambda *rows: np.concatenate(rows), inputs, again
        )
        return model, both

    return make


def towers(name):
    def make():
        encoded = encode_all(
            make_pair_encoder(), ["a b c", "d", "e f g a", "b a", "c"], ["a"] * 5
        )
        return make_towers(name), pad(encoded, np.arange(5))

    return make


KINDS = {
    "bert": bert,
    "masked_lm": masked_lm,
    "bilstm": words(BILSTM),
    "bilstm, a pair": words(replace(BILSTM, is_pair=True)),
    "static": words(STATIC),
    **{name: towers(name) for name in INTERACTION_NAMES},
}


def traced(compute, inputs):
    """As it runs in a training step, for batches of any size."""
    return tf.function(
        lambda each: compute(each, training=False), input_signature=[specs_of(inputs)]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_outputs_are_those_of_the_whole_batch(kind):
    """Of five examples two and three; of one, an empty part before it."""
    model, inputs = KINDS[kind]()
    compute = model.compute_outputs
    whole, halves = traced(compute, inputs), traced(in_parts(compute, 2), inputs)
    for size in (5, 1):
        rows = keras.tree.map_structure(lambda a, n=size: tf.constant(a[:n]), inputs)
        expected, found = whole(rows), halves(rows)
        keras.tree.assert_same_structure(found, expected)
        for one, other in zip(
            keras.tree.flatten(found), keras.tree.flatten(expected), strict=True
        ):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_gradients_are_those_of_the_whole_batch():
    model, inputs = KINDS["bert"]()
    found = []
    for count in (1, 3):
        with tf.GradientTape() as tape:
            outputs = in_parts(model.compute_outputs, count)(inputs, training=False)
            loss = tf.reduce_mean(outputs["logits"] ** 2)
        gradients = tape.gradient(loss, [each.value for each in model.weights])
        found.append([tf.convert_to_tensor(each).numpy() for each in gradients])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_parts_are_of_like_size_and_drop_units_of_their_own():
    seen = []

    def compute(inputs, training):
        seen.append((len(inputs), training))
        return inputs + len(seen)

    found = in_parts(compute, 3)(tf.zeros((8, 1)), training=True)
    assert seen == [(2, True), (3, True), (3, True)]
    assert found.numpy().ravel().tolist() == [1, 1, 2, 2, 2, 3, 3, 3]


def test_one_part_is_the_function_itself():
    assert in_parts(bert, 1) is bert
