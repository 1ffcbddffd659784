"""Distinct words by id, and texts written from ids."""

from collections.abc import Iterable

import numpy as np


class Lexicon:
    """A growing list of distinct words; a word's place in it is its id.

    Attributes:
        words: the words in the order of their ids.
    """

    def __init__(self, words: Iterable[str] = ()):
        self.words: list[str] = []
        self._ids: dict[str, int] = {}
        # The word at twice its id, and after a space behind that: writing a text is
        # then one lookup a word.
        self._written: list[str] = []
        for word in words:
            self.add(word)

    def __len__(self) -> int:
        return len(self.words)

    def add(self, word: str) -> int:
        """The word's id, a new one if need be."""
        word_id = self._ids.setdefault(word, len(self.words))
        if word_id == len(self.words):
            self.words.append(word)
            self._written += (word, f" {word}")
        return word_id

    def write(
        self,
        word_ids: np.ndarray,
        spaced: np.ndarray,
        starts: np.ndarray | None = None,
        stops: np.ndarray | None = None,
    ) -> list[str]:
        """Texts from words.

        Args:
            word_ids: [k, n] ids, k texts of n words.
            spaced: [n] bool, whether white space stands before the word; it becomes
                one space.
            starts: [k] the first word of each text to write, by default 0.
            stops: [k] the word to stop before, by default n.

        Returns:
            k texts without white space at the ends.
        """
        written = self._written
        count, length = word_ids.shape
        starts = np.zeros(count, int) if starts is None else starts
        stops = np.full(count, length) if stops is None else stops
        rows = (2 * word_ids.astype(np.int64) + spaced).tolist()
        spans = zip(rows, starts.tolist(), stops.tolist(), strict=True)
        return [
            "".join([written[i] for i in row[start:stop]]).strip()
            for row, start, stop in spans
        ]
