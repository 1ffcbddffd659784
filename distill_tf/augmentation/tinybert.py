"""Words replaced by words that fit in their place.

Jiao et al., "TinyBERT: Distilling BERT for Natural Language Understanding",
arXiv:1909.10351, algorithm 1; huawei-noah/Pretrained-Language-Model has the authors'
code.
"""

import numpy as np

from distill_tf.augmentation.candidates import Candidates
from distill_tf.augmentation.corpus import Corpus

# Versions of each text in the authors' script.
TRIES = {
    "cola": 30,
    "mnli": 10,
    "mrpc": 30,
    "sst-2": 20,
    "sts-b": 30,
    "qqp": 10,
    "qnli": 20,
    "rte": 30,
}
DEFAULT_TRIES = 20


class TinyBertRewriter:
    """Replaces each word that has candidates with probability p.

    Args:
        corpus: the texts.
        candidates: what may replace each word.
        p_replace: p; 0.4 in the paper.
    """

    def __init__(self, corpus: Corpus, candidates: Candidates, p_replace: float):
        self._corpus = corpus
        self._candidates = candidates
        self._p_replace = p_replace

    def rewrite(
        self, text: int, tries: int, generator: np.random.Generator
    ) -> list[str | None]:
        """See `Rewriter.rewrite`."""
        positions = self._corpus.positions(text)
        if not self._candidates.counts(positions).any():
            return [None] * tries
        versions = self._candidates.draw(positions, tries, generator)
        is_kept = generator.random(versions.shape) >= self._p_replace
        versions = np.where(is_kept, self._corpus.word_ids[positions], versions)
        return self._corpus.lexicon.write(versions, self._corpus.spaced[positions])
