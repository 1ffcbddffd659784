"""What a teacher said, found again by row or by text."""

from pathlib import Path

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.tasks import Examples
from distill_tf.tasks import Task
from distill_tf.tasks import text_keys
from distill_tf.teacher_logits.keys import Key
from distill_tf.teacher_logits.keys import key_reader
from distill_tf.teacher_logits.records import read_records
from distill_tf.teacher_logits.values import value_reader

# The same text in another batch may get slightly other numbers.
_SAME = 1e-3


class LogitsTable:
    """The logits of a file.

    Args:
        path: the file, for messages.
        positions: where in `logits` what is said of an example is.
        logits: [n, C].
        by_text: whether the keys are texts; otherwise rows of the train file.
    """

    def __init__(
        self, path: Path, positions: dict[Key, int], logits: np.ndarray, by_text: bool
    ):
        self.path = path
        self.by_text = by_text
        self.logits = logits
        self._positions = positions

    @classmethod
    def load(cls, path: str | Path, task: Task) -> "LogitsTable":
        """Reads a file; docs/teachers.md has its formats.

        Raises:
            DistillError: it cannot be read, or a row of it cannot be understood, or
                contradicts an earlier one.
        """
        path = Path(path)
        positions: dict[Key, int] = {}
        places, logits = [], []
        by_text = read_key = read_value = None
        for position, record in enumerate(read_records(path)):
            if read_key is None:
                by_text, read_key = key_reader(record.values, task)
                read_value = value_reader(record.values, task, path)
            key, value = read_key(position, record), read_value(record)
            known = positions.setdefault(key, len(logits))
            if known < len(logits):
                _check_same(record.where, value, places[known], logits[known])
                continue
            places.append(record.where)
            logits.append(value)
        if not logits:
            raise DistillError(f"{path}: expected rows, found none; is it whole?")
        return cls(path, positions, np.asarray(logits, np.float32), bool(by_text))

    def find(
        self, examples: Examples, num_labelled: int, is_whole: bool = True
    ) -> np.ndarray:
        """Logits [n, C] of training examples in their order.

        Args:
            examples: the training examples.
            num_labelled: how many of them, the first ones, are the train file's.
            is_whole: whether these are all of that file.

        Raises:
            DistillError: nothing is said of some of them, or of rows that the train
                file does not have.
        """
        if is_whole and not self.by_text:
            self._check_last(num_labelled)
        if self.by_text:
            keys = text_keys(examples)
        elif len(examples) == num_labelled:
            keys = range(num_labelled)
        else:
            raise DistillError(
                f"{self.path} speaks of rows of the train file, but there are "
                f"{len(examples) - num_labelled} unlabelled or augmented texts beside "
                "it; give the rows their texts, or leave those out "
                "(use_unlabelled=false, no aug_train)."
            )
        found = np.array([self._positions.get(key, -1) for key in keys])
        missing = np.flatnonzero(found < 0)
        if len(missing):
            raise DistillError(
                f"{self.path} says nothing of {len(missing)} of the {len(examples)} "
                f"training examples, first of {_describe(examples, missing[0])}; ask "
                "the teacher for those too, or train without them "
                "(max_train_examples, use_unlabelled=false, no aug_train)."
            )
        return self.logits[found]

    def _check_last(self, num_labelled: int) -> None:
        """More rows than examples: some are not read, and the others are shifted."""
        last = max(self._positions)
        if last >= num_labelled:
            raise DistillError(
                f"{self.path} speaks of row {last}, but the train file has the rows 0 "
                f"to {num_labelled - 1}; rows count as they are read, without blank "
                "lines and QQP's short rows: leave those out here too, or give the "
                "rows their texts."
            )


def _check_same(
    where: str, value: np.ndarray, earlier_where: str, earlier: np.ndarray
) -> None:
    if not np.allclose(value, earlier, rtol=_SAME, atol=_SAME):
        raise DistillError(
            f"{where} contradicts {earlier_where}, which speaks of the same example "
            f"({value.tolist()} against {earlier.tolist()}); remove one of them."
        )


def _describe(examples: Examples, row: int) -> str:
    texts = [examples.texts_a[row]]
    if examples.texts_b is not None:
        texts.append(examples.texts_b[row])
    shown = (repr(text if len(text) <= 60 else text[:60] + "...") for text in texts)
    return f"row {row}, {' and '.join(shown)}"
