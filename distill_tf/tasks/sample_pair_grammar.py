"""Pairs for the generated pair task: does a review support a claim?

The first text is a sentence of the sentiment grammar, the second one a short claim
about the aspect its deciding clause is about. The review supports the claim when it
says of that aspect what the claim says: "although the plot is dull , the cast is
superb" supports "the cast is good" and contradicts "the cast is bad".

Claims are never about the conceded aspect ("the plot is bad"): finding the clause by
its aspect takes a model trained from scratch far longer than a sample task should.
"""

import random
from typing import NamedTuple

from distill_tf.tasks.sample_grammar import draw_sentence
from distill_tf.tasks.sample_lexicon import CLAIMS

# Claims are mostly praise, so that a model trained from scratch finds the polarity of
# the review first, which alone is right this often, and then the comparison.
_PRAISE_SHARE = 0.85


class Pair(NamedTuple):
    """A review, a claim, and whether the first supports the second."""

    review: str
    claim: str
    supported: bool


def draw_pair(rng: random.Random, supported: bool, held_out: bool) -> Pair:
    """A random pair with the given label.

    Args:
        rng: source of every choice.
        supported: whether the review says what the claim says.
        held_out: from which combinations to build, see `sample_grammar`.
    """
    claimed = 1 if rng.random() < _PRAISE_SHARE else -1
    said = claimed if supported else -claimed
    sentence = draw_sentence(rng, said, held_out)
    claim = CLAIMS[claimed].format(sentence.aspect)
    return Pair(sentence.text, claim, supported)
