"""Reads the generated sentences back: an independent judge of their labels.

It knows English phrases, not the generator's templates: what reverses an opinion,
which words are good, and which clause of a contrast decides.
"""

import re
from typing import NamedTuple

GOOD = set(
    "good great superb wonderful brilliant charming delightful excellent fresh "
    "pleasant clever lovely splendid impressive beautiful triumph success "
    "masterpiece treat joy bargain gem hit winner pleasure delight charm impress "
    "please thrill amuse inspire satisfy enchant shine wit warmth style depth "
    "energy humor grace heart skill passion".split()
)
REVERSING_FRAMES = (
    "it is not true that",
    "i would not say that",
    "nobody would claim that",
    "it is wrong to say that",
    "i doubt that",
)
# In these the negative word does not reverse.
HARMLESS = (
    "nothing short of",
    "nothing if not",
    "never less than",
    "never ceases to",
    "never lacks",
    "not without",
)
REVERSING = re.compile(
    r"\b(not|hardly|never|far from|anything but|by no means|no|lacks|free of|ceases)\b"
)
CLAUSE = re.compile(
    r"the (?P<aspect>\w+) (?P<predicate>(?:is|will|can|does|has|never|"
    r"lacks|ceases)\b[^,]*)"
)
CONCEDED_FIRST = re.compile(
    r"^(although|while|even though|despite rumors that|critics say that) "
    r"|^the [^,]* , but "
)


class Opinion(NamedTuple):
    aspect: str
    predicate: str
    polarity: int


def opinions(text):
    """What a review says of each aspect; the deciding opinion first."""
    clauses = list(CLAUSE.finditer(text))
    sign = -1 if any(frame in text for frame in REVERSING_FRAMES) else 1
    found = [
        Opinion(
            clause["aspect"],
            clause["predicate"].strip(),
            sign * predicate_polarity(clause["predicate"]),
        )
        for clause in clauses
    ]
    return found[::-1] if CONCEDED_FIRST.search(text) else found


def predicate_polarity(predicate):
    for phrase in HARMLESS:
        predicate = predicate.replace(phrase, "")
    word = 1 if predicate.split()[-1] in GOOD else -1
    return -word if REVERSING.search(predicate) else word


def claim_is_supported(review, claim):
    (claimed,) = opinions(claim)
    deciding = opinions(review)[0]
    return deciding.aspect == claimed.aspect and deciding.polarity == claimed.polarity
