"""Tests of the report on known words."""

import pytest

from distill_tf.text.coverage import Coverage
from distill_tf.text.coverage import measure_coverage
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.word_vocabulary import WordVocabulary


@pytest.mark.parametrize(
    "vocabulary",
    [
        WordVocabulary(["<pad>", "<unk>", "a", "b", "c"]),
        Vocabulary(["[PAD]", "[UNK]", "a", "b", "c", "[CLS]", "[SEP]"]),
    ],
)
def test_tokens_and_words_are_counted(vocabulary):
    texts = [["a", "b", "a"], [], ["x", "a", "<pad>", "[UNK]", "x"]]
    coverage = measure_coverage(iter(texts), vocabulary)
    assert coverage == Coverage(
        num_tokens=8, num_known_tokens=4, num_words=5, num_known_words=2
    )
    assert (coverage.token_fraction, coverage.word_fraction) == (0.5, 0.4)


def test_one_line():
    coverage = Coverage(12345, 12344, 2000, 1000)
    assert str(coverage) == (
        "100.0% of 12,345 tokens and 50.0% of 2,000 distinct words are known"
    )


def test_nothing_to_count():
    vocabulary = WordVocabulary(["<pad>", "<unk>"])
    assert measure_coverage([[]], vocabulary).token_fraction == 0.0
