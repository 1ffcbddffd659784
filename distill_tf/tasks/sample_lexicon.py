"""Words and templates of the generated sample tasks.

Everything here is data. A template has one slot, `{}`, and a sign: `1` keeps the
polarity of what fills the slot, `-1` reverses it. The kinds of opinion (adjective,
nominal, verb, property) each have their own words and predicate templates.
"""

from typing import NamedTuple


class Template(NamedTuple):
    """A text with one slot and what it does to the polarity of the slot's content."""

    text: str
    sign: int


class OpinionKind(NamedTuple):
    """One part of speech: words by polarity and the predicates they fit into."""

    positive: tuple[str, ...]
    negative: tuple[str, ...]
    predicates: tuple[Template, ...]


def _templates(*, keep: tuple[str, ...], reverse: tuple[str, ...]) -> tuple:
    return tuple(Template(text, 1) for text in keep) + tuple(
        Template(text, -1) for text in reverse
    )


ASPECTS = tuple(
    "film plot cast script music ending story camera dialogue soundtrack scenery "
    "meal soup dessert coffee menu kitchen waiter room bed pool lobby staff view "
    "phone screen battery keyboard novel album".split()
)

OPINIONS = {
    "adjective": OpinionKind(
        positive=tuple(
            "good great superb wonderful brilliant charming delightful excellent "
            "fresh pleasant clever lovely splendid impressive beautiful".split()
        ),
        negative=tuple(
            "bad dull awful terrible boring poor weak dreadful stale horrible "
            "clumsy ugly mediocre lousy bland".split()
        ),
        predicates=_templates(
            keep=(
                "is {}",
                "is very {}",
                "is really {}",
                "is truly {}",
                "is remarkably {}",
                "is nothing short of {}",
                "is nothing if not {}",
                "is never less than {}",
            ),
            reverse=(
                "is not {}",
                "is not at all {}",
                "is hardly {}",
                "is never {}",
                "is far from {}",
                "is anything but {}",
                "is by no means {}",
            ),
        ),
    ),
    "nominal": OpinionKind(
        positive=tuple(
            "triumph success masterpiece treat joy bargain gem hit winner "
            "pleasure".split()
        ),
        negative=tuple(
            "failure mess disaster letdown bore nightmare waste flop joke pity".split()
        ),
        predicates=_templates(
            keep=(
                "is a {}",
                "is a real {}",
                "is a complete {}",
                "is nothing short of a {}",
                "is never less than a {}",
            ),
            reverse=(
                "is not a {}",
                "is hardly a {}",
                "is far from a {}",
                "is anything but a {}",
                "is by no means a {}",
            ),
        ),
    ),
    "verb": OpinionKind(
        positive=tuple(
            "delight charm impress please thrill amuse inspire satisfy enchant "
            "shine".split()
        ),
        negative=tuple(
            "disappoint annoy irritate frustrate confuse offend depress bother "
            "disgust fail".split()
        ),
        predicates=_templates(
            keep=(
                "will {}",
                "will always {}",
                "is sure to {}",
                "can really {}",
                "never ceases to {}",
            ),
            reverse=(
                "will never {}",
                "will hardly {}",
                "does not {}",
                "can not {}",
                "ceases to {}",
            ),
        ),
    ),
    "property": OpinionKind(
        positive=tuple(
            "wit warmth style depth energy humor grace heart skill passion".split()
        ),
        negative=tuple(
            "flaws mistakes problems cliches errors gaps faults noise dirt "
            "trouble".split()
        ),
        predicates=_templates(
            keep=(
                "has plenty of {}",
                "is full of {}",
                "is rich in {}",
                "never lacks {}",
                "is not without {}",
            ),
            reverse=(
                "has no {}",
                "lacks {}",
                "is free of {}",
                "has hardly any {}",
                "is not full of {}",
            ),
        ),
    ),
}

# What may stand around one clause.
PLAIN = (Template("{}", 1),)
HEDGES = _templates(
    keep=(
        "i think {}",
        "it seems that {}",
        "in my opinion , {}",
        "to be honest , {}",
        "as far as i can tell , {}",
        "we all agree that {}",
    ),
    reverse=(),
)
DENIALS = _templates(
    keep=(),
    reverse=(
        "it is not true that {}",
        "i would not say that {}",
        "nobody would claim that {}",
        "it is wrong to say that {}",
        "i doubt that {}",
    ),
)
DOUBLE_DENIALS = _templates(
    keep=(
        "there is no doubt that {}",
        "nobody would deny that {}",
        "it is not wrong to say that {}",
        "i do not doubt that {}",
    ),
    reverse=(),
)

# Two clauses of opposite polarity: `{main}` decides, `{conceded}` gives way.
CONTRASTS = (
    "although {conceded} , {main}",
    "{main} , although {conceded}",
    "while {conceded} , {main}",
    "{main} , even though {conceded}",
    "even though {conceded} , {main}",
    "{conceded} , but {main}",
    "critics say that {conceded} , but {main}",
    "despite rumors that {conceded} , {main}",
)

# What the pair task claims of an aspect, by polarity.
CLAIMS = {1: "the {} is good", -1: "the {} is bad"}
