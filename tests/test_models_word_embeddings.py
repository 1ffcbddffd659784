"""The table of word vectors."""

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.models.word_embeddings import WordEmbeddings

IDS, MASK = np.int32([[2, 1, 7_000_000], [3, -5, 1]]), np.bool_([[1, 1, 0], [1, 0, 0]])


def build(trainable=True, dtype="float32"):
    layer = WordEmbeddings(5, 3, 0.1, trainable, dtype=dtype)
    layer.build()
    return layer


def test_looks_up_tokens_and_never_reads_the_ids_at_padding():
    layer = build()
    table = layer.table.numpy()
    found = layer(IDS, MASK).numpy()
    np.testing.assert_array_equal(found[0, :2], table[[2, 1]])
    np.testing.assert_array_equal(found[1, 0], table[3])


@pytest.mark.parametrize("trainable", [True, False])
def test_only_a_trained_table_is_trainable(trainable):
    layer = build(trainable)
    assert [w.path for w in layer.weights] == [layer.table.path]
    assert len(layer.trainable_weights) == trainable


def test_the_gradient_is_sparse():
    layer = build(dtype="mixed_bfloat16")
    with tf.GradientTape() as tape:
        vectors = layer(IDS, MASK)
    assert vectors.dtype == "bfloat16"
    assert isinstance(tape.gradient(vectors, layer.table.value), tf.IndexedSlices)


def test_takes_given_vectors():
    layer, vectors = build(trainable=False), np.arange(15.0).reshape(5, 3)
    layer.set_vectors(vectors)
    np.testing.assert_array_equal(layer.table, vectors.astype("f4"))


@pytest.mark.parametrize(
    ("shape", "described"),
    [((5, 4), "5 of 4"), ((4, 3), "4 of 3"), ((15,), r"\(15,\)")],
)
def test_vectors_of_another_size_are_refused(shape, described):
    with pytest.raises(DistillError, match=f"5 vectors of 3 numbers.*{described}"):
        build().set_vectors(np.zeros(shape))


def test_initial_values_have_the_deviation():
    layer = WordEmbeddings(300, 40, 0.25, True)
    layer.build()
    assert layer.table.numpy().std() == pytest.approx(0.25, rel=0.2)
    assert abs(layer.table.numpy()).max() <= 0.5
