"""Candidates from word vectors."""

from collections.abc import Callable
from collections.abc import Sequence

import numpy as np
from absl import logging

from distill_tf.augmentation.candidates import Candidates
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.neighbours import nearest_words
from distill_tf.augmentation.replaceable import is_replaceable
from distill_tf.errors import DistillError

# From n words to their vectors [n, D] and whether each was found [n].
LoadVectors = Callable[[Sequence[str]], tuple[np.ndarray, np.ndarray]]


def add_vector_candidates(
    candidates: Candidates, corpus: Corpus, load: LoadVectors, count: int
) -> None:
    """Gives the words of a corpus their nearest neighbours among its own words.

    TinyBERT's code takes them from the 100,000 most frequent words of the file. Words
    of the training data are those that a student has a vector for.

    Args:
        candidates: of the corpus; takes up what is found.
        corpus: the texts.
        load: looks up lower-case words.
        count: neighbours a word.

    Raises:
        DistillError: hardly a word was found.
    """
    lower = {
        word_id: word.lower()
        for word_id, word in enumerate(corpus.lexicon.words)
        if is_replaceable(word)
    }
    words = list(dict.fromkeys(lower.values()))
    vectors, found = load(words)
    logging.info("Vectors were found for %d of %d words.", found.sum(), len(words))
    if found.sum() < 2:
        raise DistillError(
            f"expected vectors for the words of the training data, but only "
            f"{found.sum()} of {len(words)} have one; give another --embedding_path."
        )
    known = [word for word, is_found in zip(words, found, strict=True) if is_found]
    neighbours = nearest_words(known, vectors[found], count)
    for word_id, positions in enumerate(_positions_by_word(corpus)):
        nearest = neighbours.get(lower.get(word_id, ""))
        if nearest:
            candidates.set(positions, nearest)


def _positions_by_word(corpus: Corpus) -> list[np.ndarray]:
    """The positions of each word, by word id."""
    order = np.argsort(corpus.word_ids, kind="stable")
    counts = np.bincount(corpus.word_ids)
    return np.split(order, np.cumsum(counts)[:-1])
