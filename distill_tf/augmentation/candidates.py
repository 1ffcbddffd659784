"""For each word of a corpus, the words that may take its place."""

from array import array
from collections.abc import Iterable

import numpy as np

from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.replaceable import with_case_of


class Candidates:
    """Lists of word ids, which positions of a corpus refer to.

    A position without a list has no candidates.

    Args:
        corpus: its lexicon takes up the candidates.
    """

    def __init__(self, corpus: Corpus):
        self._corpus = corpus
        self._word_ids = array("i")
        self._stops = array("q", [0])
        # List 0 is the empty one.
        self._lists = np.zeros(len(corpus.word_ids), np.int64)

    def set(self, positions: np.ndarray, words: Iterable[str]) -> None:
        """Gives positions that hold the same word a list of lower-case words."""
        lexicon = self._corpus.lexicon
        original = lexicon.words[self._corpus.word_ids[positions[0]]]
        self._word_ids.extend(lexicon.add(with_case_of(original, w)) for w in words)
        self._stops.append(len(self._word_ids))
        self._lists[positions] = len(self._stops) - 1

    def copy(self, source: slice, target: slice) -> None:
        """Gives the positions of one text the lists of another of the same words."""
        self._lists[target] = self._lists[source]

    def counts(self, positions: slice) -> np.ndarray:
        """[n] how many candidates each position has."""
        starts, stops = self._bounds(positions)
        return stops - starts

    def draw(
        self, positions: slice, tries: int, generator: np.random.Generator
    ) -> np.ndarray:
        """[tries, n] word ids, each drawn uniformly from the position's candidates.

        Where there is no candidate, the word itself stands.
        """
        starts, stops = self._bounds(positions)
        counts = stops - starts
        drawn = np.tile(self._corpus.word_ids[positions], (tries, 1))
        has_any = counts > 0
        offsets = generator.random(drawn.shape) * counts
        places = (starts + offsets.astype(np.int64))[:, has_any]
        drawn[:, has_any] = np.frombuffer(self._word_ids, np.int32)[places]
        return drawn

    def _bounds(self, positions: slice) -> tuple[np.ndarray, np.ndarray]:
        lists = self._lists[positions]
        stops = np.frombuffer(self._stops, np.int64)
        return stops[np.maximum(lists - 1, 0)], stops[lists]
