"""The sample vocabulary: complete, without repeats, of the intended size."""

import string

import pytest

from distill_tf.tasks import get_task
from distill_tf.tasks import sample_vocabulary
from distill_tf.tasks.sample_vocabulary import SPECIAL_TOKENS
from distill_tf.tasks.sample_vocabulary import sample_words


def test_layout():
    tokens = sample_vocabulary()
    assert tuple(tokens[:5]) == SPECIAL_TOKENS
    assert tokens[0] == "[PAD]"
    assert len(set(tokens)) == len(tokens)
    assert 150 <= len(sample_words()) <= 400


@pytest.mark.parametrize("name", ["sample", "sample_pair"])
def test_the_words_are_exactly_those_of_the_texts(name):
    task = get_task(name)
    words = set()
    for split in ("train", "unlabelled", "teacher_train", "dev"):
        examples = task.load(None, split)
        for text in [*examples.texts_a, *(examples.texts_b or ())]:
            words.update(text.split())
    assert words == set(sample_words())


def test_any_word_can_be_spelled():
    tokens = set(sample_vocabulary())
    for character in string.ascii_lowercase + string.digits:
        assert {character, f"##{character}"} <= tokens
    assert set(string.punctuation) <= tokens
