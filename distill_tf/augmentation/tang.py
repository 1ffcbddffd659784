"""Masks, words of the same part of speech, and n-grams.

Tang et al., "Distilling Task-Specific Knowledge from BERT into Simple Neural
Networks", arXiv:1903.12136, section 3.2; castorini/d-bert has the authors' code.
"""

from typing import NamedTuple

import numpy as np

from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.same_tag_words import SameTagWords


class TangSettings(NamedTuple):
    """Shares of words (p_mask, p_pos) and of tries (p_ng), and how words are cut."""

    p_mask: float = 0.1
    p_pos: float = 0.1
    p_ng: float = 0.25
    ngram_min: int = 1
    ngram_max: int = 5
    mask_word: str = "[MASK]"


class TangRewriter:
    """Rewrites texts word by word with one roll X ~ U[0, 1) a word.

    X < p_mask masks the word; p_mask <= X < p_mask + p_pos replaces it by a word with
    the same tag, drawn as often as the corpus has it. Then, with probability p_ng,
    only an n-gram is kept, n ~ U{ngram_min..ngram_max}. That n is 1 to 5 in the
    paper, 2 to 6 in Paddle's copy for English and 2 to 10 in its copy for Chinese.

    As in the authors' code, a version without any word of the original is dropped: a
    text of one word is therefore never changed.
    """

    def __init__(self, corpus: Corpus, settings: TangSettings):
        self._corpus = corpus
        self._settings = settings
        self._same_tag = SameTagWords(corpus) if settings.p_pos > 0 else None
        self._mask_id = corpus.lexicon.add(settings.mask_word)

    def rewrite(
        self, text: int, tries: int, generator: np.random.Generator
    ) -> list[str | None]:
        """See `Rewriter.rewrite`."""
        positions = self._corpus.positions(text)
        words = self._corpus.word_ids[positions]
        if not len(words):
            return [None] * tries
        versions = self._replace_words(positions.start, words, tries, generator)
        starts, stops = self._draw_spans(tries, len(words), generator)
        columns = np.arange(len(words))
        kept = (columns >= starts[:, None]) & (columns < stops[:, None])
        is_like_original = ((versions == words) & kept).any(axis=1)
        texts = self._corpus.lexicon.write(
            versions, self._corpus.spaced[positions], starts, stops
        )
        return [
            written if is_like else None
            for written, is_like in zip(texts, is_like_original, strict=True)
        ]

    def _replace_words(
        self, start: int, words: np.ndarray, tries: int, generator: np.random.Generator
    ) -> np.ndarray:
        """[tries, n] word ids, for the words that start at a position of the corpus."""
        p_mask, p_pos = self._settings.p_mask, self._settings.p_pos
        rolls = generator.random((tries, len(words)))
        versions = np.tile(words, (tries, 1))
        versions[rolls < p_mask] = self._mask_id
        if self._same_tag is not None:
            replaced = (rolls >= p_mask) & (rolls < p_mask + p_pos)
            positions = start + np.nonzero(replaced)[1]
            versions[replaced] = self._same_tag.draw(positions, generator)
        return versions

    def _draw_spans(
        self, tries: int, count: int, generator: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where each version starts and stops: an n-gram, or all the words."""
        settings = self._settings
        lengths = generator.integers(settings.ngram_min, settings.ngram_max + 1, tries)
        lengths[generator.random(tries) >= settings.p_ng] = count
        lengths = np.minimum(lengths, count)
        starts = (generator.random(tries) * (count - lengths + 1)).astype(np.int64)
        return starts, starts + lengths
