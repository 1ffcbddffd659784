"""Rows of a file with one JSON object a line."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from distill_tf.errors import DistillError
from distill_tf.tasks.labels import spelled
from distill_tf.tasks.row import Row
from distill_tf.tasks.row import place
from distill_tf.tasks.source import first_existing
from distill_tf.tasks.text_file import open_text


@dataclass(frozen=True)
class JsonLinesFile:
    """Where the texts and the label of each JSON object are.

    A key with dots reaches into nested objects: "label.cls" is `{"label": {"cls":
    ...}}`, unless the object itself has a key of that very name.

    Attributes:
        names: file names to look for, best first.
        texts: the one or two text keys.
        label: the label key.
        classes: the labels by number, where the file holds numbers for labels; ()
            where it holds the labels themselves.
        only_with_key: a key that tells this format from another one under the same
            names; a file whose first object lacks it is not this one's.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    label: str
    classes: tuple[str, ...] = ()
    only_with_key: str | None = None

    def find(self, data_dir: Path) -> Path | None:
        """The file to read, or None when none of `names` exists or is this format."""
        path = first_existing(data_dir, self.names)
        if path is None or self.only_with_key is None:
            return path
        return path if _first_has(path, self.only_with_key) else None

    def rows(self, path: Path, with_labels: bool = True) -> Iterator[Row]:
        """Yield the rows of the file, see `Source.rows`; blank lines are skipped.

        Raises:
            DistillError: a line that is no JSON object, a missing key, a text that
                is no string, a label that is neither string, number nor boolean, or
                not UTF-8.
        """
        with contextlib.closing(read_json_lines(path)) as records:
            for line, record in records:
                where = place(path, line)
                yield Row(
                    path,
                    line,
                    tuple(_text(where, record, key) for key in self.texts),
                    self._label(where, record, self.label) if with_labels else None,
                )

    def _label(self, where: str, record: dict, key: str) -> str:
        label = _label(where, record, key)
        if not self.classes:
            return label
        if label not in map(str, range(len(self.classes))):
            numbered = ", ".join(f"{n} ({name})" for n, name in enumerate(self.classes))
            raise DistillError(
                f"{where}: expected a class number under {key!r}, one of {numbered}, "
                f"got {label}; mend the line"
            )
        return self.classes[int(label)]


def _first_has(path: Path, key: str) -> bool:
    """Whether the first line is an object with this key; no, if it is no JSON."""
    with open_text(path) as file:
        first = next((content for content in file if content.strip()), "")
    try:
        return key in _parse(str(path), first)
    except DistillError:
        # The reader that is left says what is wrong with the line.
        return False


def read_json_lines(path: Path) -> Iterator[tuple[int, dict]]:
    """Yield (line, object), without blank lines.

    Raises:
        DistillError: a line that is no JSON object, or not UTF-8.
    """
    with open_text(path) as file:
        for line, content in enumerate(file, start=1):
            if content.strip():
                yield line, _parse(place(path, line), content)


def _parse(where: str, content: str) -> dict:
    try:
        record = json.loads(content)
    # Broken JSON, a number of too many digits, and too many brackets.
    except (ValueError, RecursionError) as error:
        raise DistillError(
            f"{where}: expected one JSON object on the line, got invalid JSON "
            f"({error}); mend or remove the line"
        ) from error
    if not isinstance(record, dict):
        raise DistillError(
            f"{where}: expected a JSON object, got {type(record).__name__}; "
            "mend or remove the line"
        )
    return record


def _look_up(record: dict, key: str) -> object:
    """The value under a plain or dotted key; None when there is none (or null)."""
    if key in record:
        return record[key]
    value: object = record
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def _require(where: str, record: dict, key: str) -> object:
    value = _look_up(record, key)
    if value is None:
        raise DistillError(
            f"{where}: expected the key {key!r}, found the keys {list(record)}; "
            "mend or remove the line"
        )
    return value


def _text(where: str, record: dict, key: str) -> str:
    value = _require(where, record, key)
    if not isinstance(value, str):
        raise DistillError(
            f"{where}: expected a string under {key!r}, got {value!r}; mend the line"
        )
    return value


def _label(where: str, record: dict, key: str) -> str:
    return spelled(where, key, _require(where, record, key))
