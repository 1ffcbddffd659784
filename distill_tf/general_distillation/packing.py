"""Documents into sequences: as much text in each as fits, nothing left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from distill_tf.text import Vocabulary

# As create_pretraining_data.py has it, the shortest text that a short sequence gets.
_SHORTEST = 2


class Sequences(NamedTuple):
    """Token rows end to end, special tokens included.

    Attributes:
        token_ids: [total] int32.
        segment_ids: [total] uint8.
        lengths: [n] int32.
    """

    token_ids: np.ndarray
    segment_ids: np.ndarray
    lengths: np.ndarray


@dataclass(frozen=True)
class Packer:
    """Cuts documents into `[CLS] a [SEP]` and `[CLS] a [SEP] b [SEP]`.

    A sequence takes as many whole lines as fit; a line that is too long goes on in the
    next one, cut where a word begins. So every token is in exactly one sequence, and
    none has text of two documents. A pair is such a text in two parts: between two of
    its lines, else between two words.

    TinyBERT's and BERT's preparation cut what is too long, always make pairs, and let
    half of these begin anew elsewhere, for next-sentence prediction, which nothing
    here learns. Single texts are among ours because tasks have them.

    Attributes:
        vocabulary: what the token ids refer to.
        max_seq_length: tokens of the longest sequence.
        pair_probability: share of sequences that become pairs.
        short_seq_probability: share of sequences with a random shorter length.
    """

    vocabulary: Vocabulary
    max_seq_length: int
    pair_probability: float
    short_seq_probability: float

    def pack(
        self, documents: list[list[np.ndarray]], generator: np.random.Generator
    ) -> Sequences:
        """Packs documents, each given as the token ids of its lines."""
        begins_word = self._begins_word
        cls, sep = (
            np.int32([token])
            for token in (self.vocabulary.cls_id, self.vocabulary.sep_id)
        )
        tokens, segments, lengths = [np.int32([])], [np.uint8([])], []
        for lines in documents:
            text = np.concatenate(lines)
            words = np.flatnonzero(begins_word[text])
            borders = np.cumsum([0, *map(len, lines)])
            for start, middle, end in self._cuts(len(text), borders, words, generator):
                tokens += [cls, text[start:middle], sep]
                first = middle - start + 2
                second = 0
                if middle < end:
                    tokens += [text[middle:end], sep]
                    second = end - middle + 1
                segments.append(np.repeat(np.uint8([0, 1]), [first, second]))
                lengths.append(first + second)
        return Sequences(
            np.concatenate(tokens), np.concatenate(segments), np.int32(lengths)
        )

    @cached_property
    def _begins_word(self) -> np.ndarray:
        """[V] bool; false for the pieces inside a word."""
        return np.array([not t.startswith("##") for t in self.vocabulary.tokens])

    def _cuts(
        self,
        length: int,
        borders: np.ndarray,
        words: np.ndarray,
        generator: np.random.Generator,
    ) -> Iterator[tuple[int, int, int]]:
        """Start, middle and end of each sequence; a single text has its middle last."""
        start = 0
        while start < length:
            is_pair = generator.random() < self.pair_probability
            room = self.max_seq_length - (3 if is_pair else 2)
            if generator.random() < self.short_seq_probability:
                room = int(generator.integers(_SHORTEST, room + 1))
            end = min(start + room, length)
            if end < length:
                end = _last(borders, start, end) or _last(words, start, end) or end
            middle = end
            if is_pair:
                middle = (
                    _any_between(borders, start, end, generator)
                    or _any_between(words, start, end, generator)
                    or end
                )
            yield start, middle, end
            start = end


def _last(positions: np.ndarray, start: int, end: int) -> int | None:
    """The last of the ascending positions in (start, end]."""
    index = int(np.searchsorted(positions, end, side="right")) - 1
    return int(positions[index]) if index >= 0 and positions[index] > start else None


def _any_between(
    positions: np.ndarray, start: int, end: int, generator: np.random.Generator
) -> int | None:
    """One of the ascending positions in (start, end)."""
    first = np.searchsorted(positions, start, side="right")
    last = np.searchsorted(positions, end, side="left")
    return int(positions[generator.integers(first, last)]) if first < last else None
