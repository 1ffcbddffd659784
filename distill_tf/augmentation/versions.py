"""New versions of an example: which of its texts change together."""

from collections.abc import Callable
from collections.abc import Iterator

import numpy as np

from distill_tf.augmentation.rewriter import Rewriter

# The texts of a new example, one or two.
Texts = tuple[str, ...]
# The numbers of an example's texts in the corpus, and their original wording.
Originals = tuple[tuple[int, str], ...]
Strategy = Callable[[Rewriter, Originals, int, np.random.Generator], Iterator[Texts]]


def rewrite_text(
    rewriter: Rewriter, originals: Originals, tries: int, generator: np.random.Generator
) -> Iterator[Texts]:
    """New versions of a single text."""
    ((number, _),) = originals
    for text in rewriter.rewrite(number, tries, generator):
        if text is not None:
            yield (text,)


def rewrite_one_or_both(
    rewriter: Rewriter, originals: Originals, tries: int, generator: np.random.Generator
) -> Iterator[Texts]:
    """Of a pair, the first text, the second or both, with probability 1/3 each.

    castorini/d-bert has it so: one side in two of three tries, by the toss of a coin.
    """
    (number_a, text_a), (number_b, text_b) = originals
    choices = generator.integers(3, size=tries)
    versions_a = rewriter.rewrite(number_a, tries, generator)
    versions_b = rewriter.rewrite(number_b, tries, generator)
    for choice, a, b in zip(choices, versions_a, versions_b, strict=True):
        new = (text_a if choice == 1 else a, text_b if choice == 0 else b)
        if None not in new:
            yield new


def rewrite_each_side(
    rewriter: Rewriter, originals: Originals, tries: int, generator: np.random.Generator
) -> Iterator[Texts]:
    """Of a pair, `tries` versions of the first text and then as many of the second.

    The other side is the original. (In TinyBERT's code it is the last version of the
    first text while the second is rewritten, which is hardly meant.)
    """
    (number_a, text_a), (number_b, text_b) = originals
    for a in rewriter.rewrite(number_a, tries, generator):
        if a is not None:
            yield a, text_b
    for b in rewriter.rewrite(number_b, tries, generator):
        if b is not None:
            yield text_a, b
