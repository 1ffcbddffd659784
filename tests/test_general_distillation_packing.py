"""Cutting documents into sequences."""

import numpy as np
import pytest
from tiny_bert import TOKENS

from distill_tf.general_distillation.packing import Packer
from distill_tf.text import Vocabulary

VOCABULARY = Vocabulary(TOKENS)
CLS, SEP = VOCABULARY.cls_id, VOCABULARY.sep_id
A, B, INSIDE = (VOCABULARY.id_of(token) for token in ("a", "b", "##c"))


def pack(*documents, length=9, pairs=0.0, short=0.0, seed=0):
    """Rows of (token ids, segment ids)."""
    packer = Packer(VOCABULARY, length, pairs, short)
    documents = [[np.int32(line) for line in document] for document in documents]
    packed = packer.pack(documents, np.random.default_rng(seed))
    ends = np.cumsum(packed.lengths)
    assert ends[-1:].sum() == len(packed.token_ids) == len(packed.segment_ids)
    return [
        (row.tolist(), segments.tolist())
        for row, segments in zip(
            np.split(packed.token_ids, ends[:-1]),
            np.split(packed.segment_ids, ends[:-1]),
            strict=True,
        )
    ]


def random_documents(seed=0):
    generator = np.random.default_rng(seed)
    return [
        [
            generator.integers(5, len(TOKENS), generator.integers(0, 30))
            for _ in range(generator.integers(1, 6))
        ]
        for _ in range(20)
    ]


def texts_of(rows):
    """The tokens of each row without the special ones."""
    return [[t for t in tokens if t not in (CLS, SEP)] for tokens, _ in rows]


def test_whole_lines_as_many_as_fit():
    rows = pack([[A] * 3, [B] * 4, [A] * 5, [B]])
    assert [tokens for tokens, _ in rows] == [
        [CLS, A, A, A, B, B, B, B, SEP],
        [CLS, A, A, A, A, A, B, SEP],
    ]


def test_a_long_line_goes_on_where_a_word_begins():
    line = [A, A, A, A, B, INSIDE, INSIDE, INSIDE, A]
    rows = pack([line, [B]])
    assert texts_of(rows) == [[A, A, A, A], [B, INSIDE, INSIDE, INSIDE, A, B]]


def test_a_word_longer_than_a_sequence_is_cut():
    assert texts_of(pack([[A] + [INSIDE] * 10])) == [[A] + [INSIDE] * 6, [INSIDE] * 4]


def test_documents_are_kept_apart():
    assert texts_of(pack([[A]], [[B]], [[]])) == [[A], [B]]


def test_pairs_part_between_lines():
    (row,) = pack([[A, A], [B, B, B]], pairs=1.0)
    assert row == ([CLS, A, A, SEP, B, B, B, SEP], [0] * 4 + [1] * 4)


def test_pairs_of_one_line_part_between_words():
    for seed in range(9):
        ((tokens, segments),) = pack([[A, INSIDE, B, INSIDE]], pairs=1.0, seed=seed)
        assert tokens == [CLS, A, INSIDE, SEP, B, INSIDE, SEP]
        assert segments == [0] * 4 + [1] * 3
    # One word alone is no pair.
    assert pack([[A, INSIDE]], pairs=1.0) == [([CLS, A, INSIDE, SEP], [0] * 4)]


@pytest.mark.parametrize("short", [0.0, 0.7])
@pytest.mark.parametrize("pairs", [0.0, 0.5, 1.0])
def test_every_token_is_in_one_sequence(pairs, short):
    documents = random_documents()
    rows = pack(*documents, pairs=pairs, short=short, length=11)
    flat = [token for text in texts_of(rows) for token in text]
    assert flat == [t for document in documents for line in document for t in line]
    assert max(len(tokens) for tokens, _ in rows) == 11
    share = np.mean([segments[-1] for _, segments in rows])
    assert (share == 0) if pairs == 0 else (share > 0.3)


def test_short_sequences():
    rows = pack([[A] * 4000], length=42, short=1.0)
    lengths = [len(text) for text in texts_of(rows)][:-1]
    assert min(lengths) == 2
    assert max(lengths) == 40
    assert 18 < np.mean(lengths) < 24


def test_the_same_generator_gives_the_same_rows():
    documents = random_documents()
    same = [pack(*documents, pairs=0.5, short=0.3, seed=7) for _ in range(2)]
    assert same[0] == same[1]
    assert same[0] != pack(*documents, pairs=0.5, short=0.3, seed=8)
