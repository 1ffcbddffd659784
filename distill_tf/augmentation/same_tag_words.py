"""Random words of a given part of speech."""

import numpy as np

from distill_tf.augmentation.corpus import Corpus


class SameTagWords:
    """Draws words with the tag of other words, as often as the corpus has them.

    Drawing a word by its frequency among those with a tag is drawing one of the
    positions that have the tag; sorted by tag, those are a range.
    """

    def __init__(self, corpus: Corpus):
        self._tag_ids = corpus.tag_ids
        self._counts = np.bincount(corpus.tag_ids)
        self._starts = np.cumsum(self._counts) - self._counts
        by_tag = np.argsort(corpus.tag_ids, kind="stable")
        self._word_ids = corpus.word_ids[by_tag]

    def draw(self, positions: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """For each position of the corpus, a word id that fits there.

        Args:
            positions: [k] places in the flat arrays of the corpus.
            generator: the source of chance.

        Returns:
            [k] int32 word ids; the word that stands there may come back.
        """
        tags = self._tag_ids[positions]
        offsets = generator.random(len(positions)) * self._counts[tags]
        return self._word_ids[self._starts[tags] + offsets.astype(np.int64)]
