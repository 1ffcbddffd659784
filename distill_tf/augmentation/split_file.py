"""The file of new examples: where a task reads it, and how it is written."""

import csv
import json
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np

from distill_tf.augmentation.new_examples import NewExample
from distill_tf.errors import DistillError
from distill_tf.files import atomic_path
from distill_tf.tasks import AUGMENTED
from distill_tf.tasks import Examples
from distill_tf.tasks import Task
from distill_tf.tasks.delimited import DelimitedFile
from distill_tf.tasks.json_lines import JsonLinesFile

# The label of the example that a new one was made from: for people, no reader asks
# for it.
NOTE = "inherited_label"
_BREAKS = re.compile(r"[\t\r\n]+")
_UNLABELLED = ""

# Texts, label, note.
Record = tuple[tuple[str, ...], str, str]


@dataclass(frozen=True)
class AugmentedSplit:
    """Where the new training file goes, in the format in which the task reads it."""

    task: Task
    source: DelimitedFile | JsonLinesFile
    path: Path

    @classmethod
    def locate(cls, task: Task, data_dir: str, output: str) -> "AugmentedSplit":
        """Finds place and format: that of the training file, if there is a choice.

        Raises:
            DistillError: the task has no such split, no folder was given, or the
                folder holds another augmented file that would be read instead.
        """
        sources = task.files.get(AUGMENTED, ())
        if not sources:
            raise DistillError(
                f"task {task.name} is generated and has no training file to add to; "
                "choose another --task_name."
            )
        folder = output or data_dir
        if not folder:
            raise DistillError(
                "the new examples need a folder to go to; give --output or --data_dir."
            )
        ending = _ending_of_training_file(task, data_dir)
        fitting = [each for each in sources if Path(each.names[0]).suffix == ending]
        source = (fitting or sources)[0]
        path = Path(folder) / source.names[0]
        found = next(filter(None, (each.find(path.parent) for each in sources)), path)
        if found.name != path.name:
            raise DistillError(
                f"{found} is in the way of the new {path.name}, since it would be read "
                "instead; move it elsewhere."
            )
        return cls(task, source, path)

    def write(self, examples: Examples, new: Iterable[NewExample]) -> int:
        """Writes the examples with their labels, then the new ones without.

        White space that would break a table is written as one space.

        Returns:
            How many new examples there are.
        """
        spellings = self._spellings(examples.labels)
        count = 0

        def records() -> Iterator[Record]:
            nonlocal count
            sides = [examples.texts_a, examples.texts_b or [None] * len(examples)]
            for a, b, label in zip(*sides, spellings, strict=True):
                yield (a,) if b is None else (a, b), label, ""
            for texts, row in new:
                count += 1
                yield texts, _UNLABELLED, spellings[row]

        is_table = isinstance(self.source, DelimitedFile)
        write = _write_table if is_table else _write_json_lines
        with atomic_path(self.path) as temporary:
            # A lone surrogate, which JSON may hold, comes out as JSON's escape.
            with temporary.open(
                "w", encoding="utf-8", newline="", errors="backslashreplace"
            ) as file:
                write(self.source, file, records())
        return count

    def _spellings(self, labels: np.ndarray) -> list[str]:
        if self.task.is_regression:
            return [str(score) for score in labels]
        return [self.task.labels[index] for index in labels.tolist()]


def _ending_of_training_file(task: Task, data_dir: str) -> str | None:
    if not data_dir:
        return None
    found = (source.find(Path(data_dir)) for source in task.files["train"])
    path = next(filter(None, found), None)
    return path and path.suffix


def _write_table(
    source: DelimitedFile, file: TextIO, records: Iterable[Record]
) -> None:
    writer = csv.writer(
        file,
        delimiter=source.delimiter,
        quoting=csv.QUOTE_MINIMAL if source.quoted else csv.QUOTE_NONE,
        quotechar='"' if source.quoted else None,
        # What is in it gets quoted, and a lone \r in a text must be.
        lineterminator="\r\n" if source.quoted else "\n",
    )
    if source.header:
        writer.writerow([*source.texts, source.label, NOTE])
    fields = _named_fields if source.header else _placed_fields(source)
    for texts, label, note in records:
        if not source.quoted:
            texts = tuple(_BREAKS.sub(" ", text) for text in texts)
        writer.writerow(fields(texts, label, note))


def _named_fields(texts: tuple[str, ...], label: str, note: str) -> list[str]:
    return [*texts, label, note]


def _placed_fields(source: DelimitedFile) -> Callable[..., list[str]]:
    """Fields of a table without a header, which has no place for a note."""

    def fields(texts: tuple[str, ...], label: str, note: str) -> list[str]:
        row = [""] * source.columns
        for position, text in zip(source.texts, texts, strict=True):
            row[position] = text
        row[source.label] = label
        return row

    return fields


def _write_json_lines(
    source: JsonLinesFile, file: TextIO, records: Iterable[Record]
) -> None:
    for texts, label, note in records:
        record = dict(zip(source.texts, texts, strict=True))
        record[source.label] = label
        if note:
            record[NOTE] = note
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
