"""From the examples of a task to new ones, each of which comes once."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from distill_tf.augmentation.rewriter import Rewriter
from distill_tf.augmentation.seen_texts import SeenTexts
from distill_tf.augmentation.versions import Strategy
from distill_tf.tasks import Examples


class NewExample(NamedTuple):
    """One or two new texts, and the row of the example they were made from."""

    texts: tuple[str, ...]
    source: int


def texts_of(examples: Examples) -> list[str]:
    """All texts: the n first ones, then the n second ones if there are any."""
    return [*examples.texts_a, *(examples.texts_b or ())]


def new_examples(
    examples: Examples,
    rewriter: Rewriter,
    strategy: Strategy,
    tries: int,
    seed: int,
) -> Iterator[NewExample]:
    """Yields examples that are neither among the given ones nor yielded before.

    Each example has a random generator of its own, made from the seed and its row:
    its share of chance depends neither on the others nor on how the work is cut.

    Args:
        examples: what to rewrite; it stays as it is.
        rewriter: over a corpus of `texts_of(examples)`.
        strategy: which texts of an example change together.
        tries: versions of each text.
        seed: of all chance.
    """
    seen = SeenTexts()
    originals = [examples.texts_a]
    if examples.texts_b is not None:
        originals.append(examples.texts_b)
    rows = list(zip(*originals, strict=True))
    for texts in rows:
        seen.add(texts)
    for row, texts in enumerate(rows):
        generator = np.random.default_rng((seed, row))
        numbered = tuple(
            (row + side * len(rows), text) for side, text in enumerate(texts)
        )
        for new in strategy(rewriter, numbered, tries, generator):
            if seen.add(new):
                yield NewExample(new, row)
