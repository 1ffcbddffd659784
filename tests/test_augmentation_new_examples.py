"""New examples: none twice, none an original, and chance by row."""

import numpy as np
import pytest

from distill_tf.augmentation.new_examples import NewExample
from distill_tf.augmentation.new_examples import new_examples
from distill_tf.augmentation.new_examples import texts_of
from distill_tf.augmentation.seen_texts import SeenTexts
from distill_tf.augmentation.versions import rewrite_each_side
from distill_tf.augmentation.versions import rewrite_one_or_both
from distill_tf.augmentation.versions import rewrite_text
from distill_tf.tasks import Examples


class Scripted:
    """Gives each text its list of versions, as often as it is asked."""

    def __init__(self, *versions):
        self.versions = versions

    def rewrite(self, text, tries, generator):
        return list(self.versions[text][:tries])


class Numbered:
    """Versions that show the random numbers they were made from."""

    def rewrite(self, text, tries, generator):
        return [f"{text} {number}" for number in generator.integers(1000, size=tries)]


def run(examples, rewriter, strategy, tries=3, seed=0):
    return list(new_examples(examples, rewriter, strategy, tries, seed))


def test_nothing_comes_twice_and_no_original():
    examples = Examples(["a", "b ", "b "])
    rewriter = Scripted(["x", "b", "x"], [None, "y", "a"], ["x", "z", "y"])
    assert run(examples, rewriter, rewrite_text) == [
        NewExample(("x",), 0),
        NewExample(("y",), 1),
        NewExample(("z",), 2),
    ]
    assert examples.texts_a == ["a", "b ", "b "]


def test_pairs_are_told_apart_as_pairs():
    examples = Examples(["a", "b"], ["c", "d"])
    assert texts_of(examples) == ["a", "b", "c", "d"]
    rewriter = Scripted(["b", "n"], ["a", None], ["c", "d"], ["c", "m"])
    assert run(examples, rewriter, rewrite_each_side, tries=2) == [
        NewExample(("b", "c"), 0),
        NewExample(("n", "c"), 0),
        NewExample(("a", "d"), 0),
        NewExample(("b", "m"), 1),
    ]


def test_one_side_or_both_with_equal_shares():
    tries = 6000
    rewriter = Scripted(["A"] * tries, ["B"] * tries)
    originals = ((0, "a"), (1, "b"))
    generator = np.random.default_rng(3)
    new = list(rewrite_one_or_both(rewriter, originals, tries, generator))
    shares = {pair: new.count(pair) / tries for pair in set(new)}
    expected = {("A", "b"): 1 / 3, ("a", "B"): 1 / 3, ("A", "B"): 1 / 3}
    assert shares == pytest.approx(expected, abs=0.02)


def test_a_useless_version_counts_only_for_the_side_it_is_of():
    tries = 300
    rewriter = Scripted([None] * tries, ["B"] * tries)
    originals = ((0, "a"), (1, "b"))
    generator = np.random.default_rng(3)
    new = list(rewrite_one_or_both(rewriter, originals, tries, generator))
    assert set(new) == {("a", "B")}
    assert 70 < len(new) < 130


def test_chance_depends_on_seed_and_row_alone():
    examples = Examples(["a", "b", "c", "d"])
    whole = run(examples, Numbered(), rewrite_text)
    part = run(examples.select([0, 1, 2]), Numbered(), rewrite_text)
    assert whole[: len(part)] == part
    assert run(examples, Numbered(), rewrite_text) == whole
    assert run(examples, Numbered(), rewrite_text, seed=1) != whole
    numbers = {new.texts[0].split()[1] for new in whole}
    assert len(numbers) > 6, "rows share their random numbers"


def test_seen_texts():
    seen = SeenTexts()
    assert seen.add(("a b", "c"))
    assert seen.add(("a", "b c"))
    assert not seen.add((" a\tb ", "c"))
    assert seen.add(("a b c",))
    assert seen.add(("a lone surrogate \ud800",))
