"""All texts as words in flat arrays."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from distill_tf.augmentation.analysis import Analyzer
from distill_tf.augmentation.lexicon import Lexicon


@dataclass(frozen=True, eq=False)
class Corpus:
    """n texts; text i is positions `row_splits[i]` to `row_splits[i + 1]`.

    Attributes:
        lexicon: the distinct words; a word's id refers to it.
        word_ids: [total] int32.
        spaced: [total] bool, whether white space stands before the word.
        tag_ids: [total] int32, equal for words of the same part of speech.
        row_splits: [n + 1] int64, from 0 to total.
    """

    lexicon: Lexicon
    word_ids: np.ndarray
    spaced: np.ndarray
    tag_ids: np.ndarray
    row_splits: np.ndarray

    @classmethod
    def analyse(cls, texts: Sequence[str], analyzer: Analyzer) -> "Corpus":
        """Splits every text into words."""
        words, tags = Lexicon(), Lexicon()
        word_ids, spaced, tag_ids = array("i"), array("b"), array("i")
        row_splits = array("q", [0])
        for text in texts:
            analysis = analyzer(text)
            word_ids.extend(map(words.add, analysis.words))
            spaced.extend(analysis.spaced)
            tag_ids.extend(map(tags.add, analysis.tags))
            row_splits.append(len(word_ids))
        return cls(
            lexicon=words,
            word_ids=np.array(word_ids, np.int32),
            spaced=np.array(spaced, bool),
            tag_ids=np.array(tag_ids, np.int32),
            row_splits=np.array(row_splits, np.int64),
        )

    def __len__(self) -> int:
        return len(self.row_splits) - 1

    def positions(self, text: int) -> slice:
        """Where the words of a text are in the flat arrays."""
        return slice(int(self.row_splits[text]), int(self.row_splits[text + 1]))
