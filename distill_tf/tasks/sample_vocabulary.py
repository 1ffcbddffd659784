"""A word-piece vocabulary for the generated sample tasks."""

import string

from distill_tf.tasks.sample_lexicon import ASPECTS
from distill_tf.tasks.sample_lexicon import CLAIMS
from distill_tf.tasks.sample_lexicon import CONTRASTS
from distill_tf.tasks.sample_lexicon import DENIALS
from distill_tf.tasks.sample_lexicon import DOUBLE_DENIALS
from distill_tf.tasks.sample_lexicon import HEDGES
from distill_tf.tasks.sample_lexicon import OPINIONS

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def sample_words() -> tuple[str, ...]:
    """All words (and punctuation marks) of the grammar, sorted."""
    frames = HEDGES + DENIALS + DOUBLE_DENIALS
    texts = [template.text for template in frames]
    texts += [*CONTRASTS, *CLAIMS.values(), *ASPECTS, "the"]
    for kind in OPINIONS.values():
        texts += [*kind.positive, *kind.negative]
        texts += [predicate.text for predicate in kind.predicates]
    words = {word for text in texts for word in text.split()}
    return tuple(sorted(word for word in words if "{" not in word))


def sample_vocabulary() -> list[str]:
    """Tokens of a vocabulary file: the words whole, and letters for all others.

    Any lower-case English word can be encoded, letter by letter if need be, and any
    ASCII digit or punctuation mark.
    """
    characters = string.ascii_lowercase + string.digits
    pieces = [*characters, *string.punctuation, *(f"##{c}" for c in characters)]
    return list(dict.fromkeys([*SPECIAL_TOKENS, *sample_words(), *pieces]))
