"""Start vectors made of a teacher: its outputs, weights, principal components."""

import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_training import TEACHER
from tiny_training import make_classifier

from distill_tf.errors import DistillError
from distill_tf.models.static_vectors import frequency_weights
from distill_tf.models.static_vectors import static_vectors
from distill_tf.models.static_vectors import teacher_vectors

CLS, SEP = 2, 3


def last_states(teacher, row):
    inputs = {
        "token_ids": np.int32([row]),
        "segment_ids": np.zeros((1, len(row)), np.int32),
        "padding_mask": np.ones((1, len(row)), bool),
    }
    outputs = teacher.compute_outputs(inputs, training=False)
    return outputs["hidden_states"][-1][0].numpy()


def test_a_words_vector_is_the_mean_of_its_pieces_states():
    teacher = make_classifier(TEACHER)
    words = [[7], [9, 12, 5], [8], [], [11, 6]]
    found = teacher_vectors(teacher, words, CLS, SEP, batch_size=2)
    assert found.dtype == np.float32
    for word, vector in zip(words, found, strict=True):
        states = last_states(teacher, [CLS, *word, SEP])[1:-1]
        expected = states.mean(axis=0) if word else np.zeros(TEACHER.hidden_size)
        np.testing.assert_allclose(vector, expected, rtol=0, atol=1e-5)


def test_the_batch_size_changes_nothing():
    teacher = make_classifier(TEACHER)
    words = [[i] for i in range(CONFIG.vocab_size)]
    one = teacher_vectors(teacher, words, CLS, SEP, batch_size=5)
    assert one.shape == (CONFIG.vocab_size, TEACHER.hidden_size)
    other = teacher_vectors(teacher, words, CLS, SEP)
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)


def test_weights_by_hand():
    weights = frequency_weights(np.array([0, 1, 9_999]))
    np.testing.assert_allclose(weights, [1, 0.5, 1e-4 / (1e-4 + 0.9999)])


def test_weights_without_any_count_are_1():
    np.testing.assert_array_equal(frequency_weights(np.zeros(3)), np.ones(3))


def test_components_keep_what_varies_most():
    """Vectors in a plane keep their distances in two components."""
    generator = np.random.default_rng(0)
    plane = np.linalg.qr(generator.normal(size=(7, 2)))[0]
    vectors = 3 + generator.normal(size=(20, 2)) @ plane.T
    found = static_vectors(vectors, 2)
    assert (found.shape, found.dtype) == ((20, 2), np.float32)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-6)
    distances = [
        np.linalg.norm(points[:, None] - points[None], axis=-1)
        for points in (found, vectors)
    ]
    np.testing.assert_allclose(*distances, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(static_vectors(vectors, 2), found)


def test_each_word_is_scaled_by_its_weight():
    vectors = np.random.default_rng(1).normal(size=(9, 5))
    weights = np.linspace(0.1, 1, 9)
    np.testing.assert_allclose(
        static_vectors(vectors, 3, weights),
        static_vectors(vectors, 3) * weights[:, None],
        rtol=1e-6,
    )


@pytest.mark.parametrize("shape", [(9, 5), (5, 9)])
def test_more_components_than_there_are_is_refused(shape):
    with pytest.raises(DistillError, match="at most 5 components.*6"):
        static_vectors(np.ones(shape), 6)
