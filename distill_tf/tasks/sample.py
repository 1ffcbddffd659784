"""The bundled sample tasks: generated, deterministic, no files needed.

`sample` is the sentiment of one sentence; `sample_pair` asks whether a review
supports a claim. They show distillation where labels are few: a teacher learns from
`teacher_train`, a student has the few labels of `train` and may ask the teacher about
`unlabelled`. All four splits are disjoint. In particular `unlabelled` holds other
sentences than `teacher_train`, as a teacher is most often asked about text it never
saw. Every sentence of `dev` is built from word combinations that occur in no other
split.
"""

import random
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import fields
from itertools import islice

import numpy as np

from distill_tf.tasks.examples import Examples
from distill_tf.tasks.sample_grammar import draw_sentence
from distill_tf.tasks.sample_pair_grammar import draw_pair
from distill_tf.tasks.task import Task

DEFAULT_SEED = 20


@dataclass(frozen=True)
class SampleSizes:
    """Number of examples in each split; the field names are the split names."""

    train: int = 300
    unlabelled: int = 5000
    teacher_train: int = 5000
    dev: int = 1000


# Comparing two texts takes a teacher more examples than judging one.
PAIR_SIZES = SampleSizes(teacher_train=8000)

# One random example of a wanted label (0 or 1), from held-out combinations or not.
Draw = Callable[[random.Random, int, bool], tuple[str, ...]]


@dataclass(frozen=True)
class SampleProvider:
    """Generates the splits of one sample task.

    Attributes:
        draw: draws one example.
        sizes: how many examples in each split.
        seed: the same seed gives the same examples in every process.
    """

    draw: Draw
    sizes: SampleSizes
    seed: int

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits."""
        return tuple(field.name for field in fields(self.sizes))

    def load(self, task: Task, split: str, max_examples: int | None) -> Examples:
        """Generate one split. Labels alternate, so every part is balanced."""
        start = self._start(split)
        stream = self._stream(held_out=split == "dev")
        rows = list(islice(stream, start, start + getattr(self.sizes, split)))
        rows = rows[:max_examples]
        columns = [list(column) for column in zip(*(r[0] for r in rows), strict=True)]
        if split == "unlabelled":
            return Examples(*columns)
        return Examples(*columns, labels=np.array([r[1] for r in rows], np.int32))

    def _start(self, split: str) -> int:
        """Where the split begins in its stream.

        The training splits are consecutive parts of one stream of distinct texts,
        which makes them disjoint; the dev set has a stream of its own.
        """
        if split == "dev":
            return 0
        earlier = self.splits[: self.splits.index(split)]
        return sum(getattr(self.sizes, name) for name in earlier if name != "dev")

    def _stream(self, held_out: bool) -> Iterator[tuple[tuple[str, ...], int]]:
        """Endless (texts, label) with distinct first texts."""
        rng = random.Random(2 * self.seed + held_out)
        seen: set[str] = set()
        while True:
            label = len(seen) % 2
            texts = self.draw(rng, label, held_out)
            if texts[0] not in seen:
                seen.add(texts[0])
                yield texts, label


def sample_task(sizes: SampleSizes = SampleSizes(), seed: int = DEFAULT_SEED) -> Task:
    """The single-sentence sample task: is a review negative or positive?

    Its splits are the fields of `SampleSizes`; `unlabelled` has no labels.
    """
    return Task(
        name="sample",
        labels=("negative", "positive"),
        is_pair=False,
        metrics=("accuracy",),
        files={},
        test_splits=(),
        provider=SampleProvider(_draw_sentence, sizes, seed),
    )


def sample_pair_task(sizes: SampleSizes = PAIR_SIZES, seed: int = DEFAULT_SEED) -> Task:
    """The pair sample task: does a review contradict or support a claim?

    Its splits are the fields of `SampleSizes`; `unlabelled` has no labels.
    """
    return Task(
        name="sample_pair",
        labels=("contradiction", "support"),
        is_pair=True,
        metrics=("accuracy",),
        files={},
        test_splits=(),
        provider=SampleProvider(_draw_pair, sizes, seed),
    )


def _draw_sentence(rng: random.Random, label: int, held_out: bool) -> tuple[str, ...]:
    return (draw_sentence(rng, 2 * label - 1, held_out).text,)


def _draw_pair(rng: random.Random, label: int, held_out: bool) -> tuple[str, ...]:
    pair = draw_pair(rng, bool(label), held_out)
    return (pair.review, pair.claim)


SAMPLE = sample_task()
SAMPLE_PAIR = sample_pair_task()
