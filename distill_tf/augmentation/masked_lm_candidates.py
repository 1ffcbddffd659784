"""Candidates from a masked language model."""

from collections.abc import Iterable

import numpy as np
from absl import logging

from distill_tf.augmentation.candidates import Candidates
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.masked_lm import MaskedLanguageModel
from distill_tf.augmentation.replaceable import is_replaceable
from distill_tf.augmentation.text_pieces import TextPieces
from distill_tf.data.length_buckets import padded_length
from distill_tf.data.length_buckets import sorted_buckets
from distill_tf.text import Vocabulary

_BATCHES_A_REPORT = 100


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
    texts = TextPieces(corpus, model.tokenizer)
    questions = _questions(corpus, texts, model, skip=twins)
    lengths = np.minimum(2 * texts.lengths(questions) + 3, model.max_length)
    batches = sorted_buckets(lengths, batch_size)
    logging.info("Asking for %d words in %d batches.", len(questions), len(batches))
    for number, indices in enumerate(batches, start=1):
        length = padded_length(lengths[indices], model.max_length)
        _ask(questions[indices], length, texts, candidates, corpus, model, count)
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
    corpus: Corpus,
    texts: TextPieces,
    model: MaskedLanguageModel,
    skip: Iterable[int],
) -> np.ndarray:
    """[q] int64, the positions of the words to ask about, in order."""
    replaceable = np.fromiter(map(is_replaceable, corpus.lexicon.words), bool)
    is_asked = replaceable[corpus.word_ids]
    for text in skip:
        is_asked[corpus.positions(text)] = False
    positions = texts.single_pieces(np.flatnonzero(is_asked))
    is_known = texts.first_pieces(positions) != model.tokenizer.vocabulary.unk_id
    # The mask must be within the sequence, after [CLS].
    is_within = texts.offsets(positions) + 1 < model.max_length
    return positions[is_known & is_within]


def _ask(
    questions: np.ndarray,
    length: int,
    texts: TextPieces,
    candidates: Candidates,
    corpus: Corpus,
    model: MaskedLanguageModel,
    count: int,
) -> None:
    vocabulary = model.tokenizer.vocabulary
    offsets = texts.offsets(questions)
    inputs = _inputs(questions, offsets, length, texts, vocabulary)
    best = model.best_tokens(inputs, (offsets + 1).astype(np.int32), count)
    for position, tokens in zip(questions, best.tolist(), strict=True):
        word = corpus.lexicon.words[corpus.word_ids[position]]
        predicted = [vocabulary.tokens[token] for token in tokens]
        fitting = [p for p in predicted if p.isalpha() and p.lower() != word.lower()]
        if fitting:
            candidates.set(np.array([position]), fitting)


def _inputs(
    questions: np.ndarray,
    offsets: np.ndarray,
    length: int,
    texts: TextPieces,
    vocabulary: Vocabulary,
) -> dict[str, np.ndarray]:
    """Padded `[CLS] masked text [SEP] original text [SEP]`, cut at `length`."""
    shape = (len(questions), length)
    token_ids = np.full(shape, vocabulary.pad_id, np.int32)
    segment_ids = np.zeros(shape, np.int32)
    padding_mask = np.zeros(shape, bool)
    cls, sep = [vocabulary.cls_id], [vocabulary.sep_id]
    for row, (position, offset) in enumerate(zip(questions, offsets, strict=True)):
        original = texts.around(position)
        masked = original.copy()
        masked[offset] = vocabulary.mask_id
        sequence = np.concatenate([cls, masked, sep, original, sep])[:length]
        token_ids[row, : len(sequence)] = sequence
        segment_ids[row, len(masked) + 2 : len(sequence)] = 1
        padding_mask[row, : len(sequence)] = True
    return {
        "token_ids": token_ids,
        "segment_ids": segment_ids,
        "padding_mask": padding_mask,
    }
