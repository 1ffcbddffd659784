"""Pairs for the generated pair task: does a review support a claim?

The first text is a sentence of the sentiment grammar, the second one a short claim
about an aspect it mentions. The claim is supported when the review, as a whole, says
of that aspect what the claim says: "although the plot is dull , the cast is superb"
supports "the plot is bad" and not "the cast is bad".
"""

import random
from typing import NamedTuple

from distill_tf.tasks.sample_grammar import draw_sentence
from distill_tf.tasks.sample_lexicon import CLAIMS

# Claims are mostly praise. That alone says nothing about the label, but it lets a
# model trained from scratch find the polarity of the review before the comparison.
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
    while True:
        sentence = draw_sentence(rng, rng.choice((1, -1)), held_out)
        aspect, polarity = rng.choice(sentence.opinions)
        if polarity == said:
            return Pair(sentence.text, CLAIMS[claimed].format(aspect), supported)
