"""A compositional sentiment grammar: clauses and sentences with their polarity.

The polarity of a clause is the polarity of its opinion word times the sign of its
predicate ("is hardly a failure" is positive); a sentence multiplies by the sign of
its frame ("i doubt that ..." reverses) or lets its main clause decide ("although
the plot is dull , the cast is superb"). Counting words is therefore not enough.

A *combination* is a predicate template with an opinion word. One in five
combinations is held out; sentences are built either from held-out combinations
only or from the others only, though every word and every template occurs in both.
"""

import random
from functools import cache
from typing import NamedTuple

from distill_tf.tasks.sample_lexicon import ASPECTS
from distill_tf.tasks.sample_lexicon import CONTRASTS
from distill_tf.tasks.sample_lexicon import DENIALS
from distill_tf.tasks.sample_lexicon import DOUBLE_DENIALS
from distill_tf.tasks.sample_lexicon import HEDGES
from distill_tf.tasks.sample_lexicon import OPINIONS
from distill_tf.tasks.sample_lexicon import PLAIN

HOLD_OUT_EVERY = 5

# (frames around one clause, how often); the rest are contrasts of two clauses.
_FRAME_SHARES = (
    (PLAIN, 0.42),
    (HEDGES, 0.23),
    (DENIALS, 0.11),
    (DOUBLE_DENIALS, 0.07),
)
# How often a predicate keeps the polarity of its opinion word.
_KEEP_SHARE = 0.75
# Adjectives are the most frequent way to have an opinion.
_KIND_SHARES = {"adjective": 0.4, "nominal": 0.2, "verb": 0.2, "property": 0.2}


class Sentence(NamedTuple):
    """A sentence, what it says overall, and of which aspect."""

    text: str
    aspect: str  # that of the deciding clause
    polarity: int  # 1 or -1


def is_held_out(predicate_index: int, word_index: int) -> bool:
    """Whether the combination of a predicate and a word is kept for the dev set.

    The indices count within one kind and polarity. Held-out combinations form
    diagonals, so each word and each predicate loses the same share.
    """
    return (predicate_index + word_index) % HOLD_OUT_EVERY == 0


def combinations(held_out: bool) -> frozenset[str]:
    """All combinations of one side, as the text of their predicate."""
    return frozenset(
        predicate.text.format(word)
        for kind in OPINIONS.values()
        for words in (kind.positive, kind.negative)
        for row, predicate in enumerate(kind.predicates)
        for column, word in enumerate(words)
        if is_held_out(row, column) == held_out
    )


def draw_clause(rng: random.Random, polarity: int, aspect: str, held_out: bool) -> str:
    """A random statement of the given polarity about the given aspect."""
    (name,) = rng.choices(tuple(_KIND_SHARES), tuple(_KIND_SHARES.values()))
    sign = 1 if rng.random() < _KEEP_SHARE else -1
    predicate = rng.choice(_predicates(name, polarity, sign, held_out))
    return f"the {aspect} {predicate}"


def draw_sentence(rng: random.Random, polarity: int, held_out: bool) -> Sentence:
    """A random sentence of the given polarity.

    Args:
        rng: source of every choice.
        polarity: 1 or -1, what the whole sentence says.
        held_out: whether to build from held-out combinations only, or from the
            others only.
    """
    aspect, other_aspect = rng.sample(ASPECTS, 2)
    point = rng.random()
    for frames, share in _FRAME_SHARES:
        if point < share:
            frame = rng.choice(frames)
            clause = draw_clause(rng, polarity * frame.sign, aspect, held_out)
            return Sentence(frame.text.format(clause), aspect, polarity)
        point -= share
    main = draw_clause(rng, polarity, aspect, held_out)
    conceded = draw_clause(rng, -polarity, other_aspect, held_out)
    text = rng.choice(CONTRASTS).format(main=main, conceded=conceded)
    return Sentence(text, aspect, polarity)


@cache
def _predicates(
    kind_name: str, polarity: int, sign: int, held_out: bool
) -> tuple[str, ...]:
    """Every predicate of a kind with the given polarity and sign of its template."""
    kind = OPINIONS[kind_name]
    words = kind.positive if polarity * sign > 0 else kind.negative
    return tuple(
        predicate.text.format(word)
        for row, predicate in enumerate(kind.predicates)
        if predicate.sign == sign
        for column, word in enumerate(words)
        if is_held_out(row, column) == held_out
    )
