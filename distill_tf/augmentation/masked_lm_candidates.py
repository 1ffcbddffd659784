"""Candidates from a masked language model."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from absl import logging

from distill_tf.augmentation.candidates import Candidates
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.masked_lm import MaskedLanguageModel
from distill_tf.augmentation.replaceable import is_replaceable
from distill_tf.data.length_buckets import padded_length
from distill_tf.data.length_buckets import sorted_buckets

_BATCHES_A_REPORT = 100


@dataclass(frozen=True, eq=False)
class _Question:
    """Which words fit in one place of a text?

    Attributes:
        position: the place in the corpus.
        pieces: the text's WordPiece ids.
        offset: which of them is in question.
    """

    position: int
    pieces: np.ndarray
    offset: int


def add_masked_lm_candidates(
    candidates: Candidates,
    corpus: Corpus,
    model: MaskedLanguageModel,
    count: int,
    batch_size: int,
) -> None:
    """Gives words of one piece what the model predicts in their place.

    As in TinyBERT's code the model reads `[CLS] masked text [SEP] original text
    [SEP]`, so that it keeps near the meaning, and of its `count` best tokens those
    inside words ("##") are dropped; here also those that are no words, and the word
    itself. Texts that occur several times are asked about once.

    Args:
        candidates: of the corpus; takes up what is found.
        corpus: the texts.
        model: what to ask.
        count: tokens a word.
        batch_size: questions a batch.
    """
    twins = _twins(corpus)
    questions = list(_questions(corpus, model, skip=twins))
    lengths = np.array([2 * len(q.pieces) + 3 for q in questions], np.int64)
    lengths = np.minimum(lengths, model.max_length)
    batches = sorted_buckets(lengths, batch_size)
    logging.info("Asking for %d words in %d batches.", len(questions), len(batches))
    for number, indices in enumerate(batches, start=1):
        batch = [questions[i] for i in indices]
        length = padded_length(lengths[indices], model.max_length)
        _ask(batch, length, candidates, corpus, model, count)
        if number % _BATCHES_A_REPORT == 0:
            logging.info("%d of %d batches", number, len(batches))
    for twin, first in twins.items():
        candidates.copy(corpus.positions(first), corpus.positions(twin))


def _twins(corpus: Corpus) -> dict[int, int]:
    """Texts whose words occurred before, each with the first text that had them."""
    first_with: dict[bytes, int] = {}
    twins = {}
    for text in range(len(corpus)):
        words = corpus.word_ids[corpus.positions(text)].tobytes()
        first = first_with.setdefault(words, text)
        if first != text:
            twins[text] = first
    return twins


def _questions(
    corpus: Corpus, model: MaskedLanguageModel, skip: dict[int, int]
) -> Iterator[_Question]:
    words = corpus.lexicon.words
    pieces = model.tokenizer(tf.constant(words, tf.string, shape=[len(words)]))
    splits, piece_ids = pieces.row_splits.numpy(), pieces.values.numpy()
    counts = np.diff(splits)
    is_single = (counts == 1) & np.fromiter(map(is_replaceable, words), bool)
    is_single[is_single] = (
        piece_ids[splits[:-1][is_single]] != model.tokenizer.vocabulary.unk_id
    )
    for text in range(len(corpus)):
        positions = corpus.positions(text)
        word_ids = corpus.word_ids[positions]
        asked = np.flatnonzero(is_single[word_ids])
        if text in skip or not len(asked):
            continue
        stops = np.cumsum(counts[word_ids])
        text_pieces = np.concatenate(
            [piece_ids[splits[i] : splits[i + 1]] for i in word_ids]
        )
        for place in asked:
            offset = int(stops[place]) - 1
            # The mask must be within the sequence, after [CLS].
            if offset + 1 < model.max_length:
                yield _Question(positions.start + int(place), text_pieces, offset)


def _ask(
    questions: list[_Question],
    length: int,
    candidates: Candidates,
    corpus: Corpus,
    model: MaskedLanguageModel,
    count: int,
) -> None:
    vocabulary = model.tokenizer.vocabulary
    inputs = _inputs(questions, length, model)
    positions = np.array([question.offset + 1 for question in questions], np.int32)
    best = model.best_tokens(inputs, positions, count)
    for question, tokens in zip(questions, best.tolist(), strict=True):
        word = corpus.lexicon.words[corpus.word_ids[question.position]]
        predicted = [vocabulary.tokens[token] for token in tokens]
        fitting = [p for p in predicted if p.isalpha() and p.lower() != word.lower()]
        if fitting:
            candidates.set(np.array([question.position]), fitting)


def _inputs(
    questions: list[_Question], length: int, model: MaskedLanguageModel
) -> dict[str, np.ndarray]:
    """Padded `[CLS] masked text [SEP] original text [SEP]`, cut at `length`."""
    vocabulary = model.tokenizer.vocabulary
    shape = (len(questions), length)
    token_ids = np.full(shape, vocabulary.pad_id, np.int32)
    segment_ids = np.zeros(shape, np.int32)
    padding_mask = np.zeros(shape, bool)
    cls, sep = [vocabulary.cls_id], [vocabulary.sep_id]
    for row, question in enumerate(questions):
        masked = question.pieces.copy()
        masked[question.offset] = vocabulary.mask_id
        sequence = np.concatenate([cls, masked, sep, question.pieces, sep])[:length]
        token_ids[row, : len(sequence)] = sequence
        segment_ids[row, len(masked) + 2 : len(sequence)] = 1
        padding_mask[row, : len(sequence)] = True
    return {
        "token_ids": token_ids,
        "segment_ids": segment_ids,
        "padding_mask": padding_mask,
    }
