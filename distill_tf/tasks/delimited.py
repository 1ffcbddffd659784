"""Rows of a tab- or comma-separated file."""

import contextlib
import csv
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from absl import logging

from distill_tf.errors import DistillError
from distill_tf.tasks.row import Row
from distill_tf.tasks.row import place
from distill_tf.tasks.source import first_existing
from distill_tf.tasks.text_file import open_text

# The largest value that fits a C long on every platform.
_LARGEST_FIELD = 2**31 - 1
_FIELD_LIMIT = threading.Lock()


@dataclass(frozen=True)
class DelimitedFile:
    """Where the columns of a tsv or csv file are.

    Columns are header names, or zero-based positions where the file has no header.
    A column is found by its name and not by its position in the official file, so
    files with further or reordered columns load too; a header without the name is
    an error.

    Attributes:
        names: file names to look for, best first.
        texts: the one or two text columns.
        label: the label column; None where the file has no labels.
        header: whether the first line names the columns.
        columns: how many columns a file without a header has.
        skip_short_rows: rows with too few columns are left out with a warning
            instead of raising (QQP's official files have a few).
        delimiter: between columns.
        quoted: quotes enclose fields, as in csv; otherwise they are ordinary
            characters, as in GLUE.
    """

    names: tuple[str, ...]
    texts: tuple[str | int, ...]
    label: str | int | None
    header: bool = True
    columns: int | None = None
    skip_short_rows: bool = False
    delimiter: str = "\t"
    quoted: bool = False

    def __post_init__(self) -> None:
        if not self.header and self.columns is None:
            raise ValueError("a file without a header needs its number of columns")

    def find(self, data_dir: Path) -> Path | None:
        """The file to read, or None when none of `names` exists."""
        return first_existing(data_dir, self.names)

    def rows(self, path: Path, with_labels: bool = True) -> Iterator[Row]:
        """Yield the rows of the file, see `Source.rows`.

        A blank line is the empty text where there is a single column, or else
        skipped.

        Raises:
            DistillError: an empty file, a column missing from the header, a row
                with another number of columns, broken quotes, or not UTF-8.
        """
        with contextlib.closing(
            read_delimited(path, self.delimiter, self.quoted, keep_blank=True)
        ) as records:
            text_columns, label_column, width = self._locate(path, records, with_labels)
            skipped = 0
            for line, record in records:
                if not record:
                    if width > 1:
                        continue
                    record = [""]
                if len(record) < width and self.skip_short_rows:
                    skipped += 1
                    continue
                if len(record) != width:
                    raise DistillError(
                        f"{place(path, line)}: expected {width} columns separated by "
                        f"{_name_of(self.delimiter)}, got {len(record)}; mend or "
                        "remove the line"
                    )
                label = None if label_column is None else record[label_column]
                yield Row(path, line, tuple(record[i] for i in text_columns), label)
        if skipped:
            logging.warning(
                "%s: skipped %d rows with fewer than %d columns", path, skipped, width
            )

    def _locate(
        self,
        path: Path,
        records: Iterator[tuple[int, list[str]]],
        with_labels: bool,
    ) -> tuple[list[int], int | None, int]:
        """Positions of the texts, of the label, and the number of columns."""
        label = self.label if with_labels else None
        if not self.header:
            return list(self.texts), label, self.columns
        line, header = next((each for each in records if each[1]), (1, None))
        if header is None:
            raise DistillError(f"{path}: expected a header line, got an empty file")
        header = [name.strip() for name in header]
        text_columns = [_position(path, line, header, name) for name in self.texts]
        if label is None:
            return text_columns, None, len(header)
        return text_columns, _position(path, line, header, label), len(header)


def read_delimited(
    path: Path, delimiter: str, quoted: bool, keep_blank: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which the record starts, fields).

    Args:
        path: the file.
        delimiter: between fields.
        quoted: whether quotes enclose fields.
        keep_blank: whether a blank line is a record without fields, or skipped.

    Raises:
        DistillError: broken quotes, or not UTF-8.
    """
    with open_text(path) as file:
        reader = csv.reader(
            file,
            delimiter=delimiter,
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            strict=True,
        )
        line = 1
        while True:
            try:
                with _large_fields():
                    record = next(reader, None)
            except csv.Error as error:
                raise DistillError(
                    f"{place(path, line)}: broken quoting in the record that starts "
                    f"here ({error}); close the quotes and double those inside a field"
                ) from error
            if record is None:
                return
            if record or keep_blank:
                yield line, record
            line = reader.line_num + 1


def _position(path: Path, line: int, header: list[str], name: str) -> int:
    found = header.count(name)
    if found == 1:
        return header.index(name)
    what = "no column" if found == 0 else f"{found} columns"
    raise DistillError(
        f"{place(path, line)}: expected one column named {name!r}, found {what} of "
        f"that name in the header {header}; mend the header line"
    )


def _name_of(delimiter: str) -> str:
    return {"\t": "tabs", ",": "commas"}.get(delimiter, repr(delimiter))


@contextlib.contextmanager
def _large_fields() -> Iterator[None]:
    # The csv module keeps this limit (128 kB by default) for the whole process, so it
    # is raised for one record at a time: a reader that stopped in the middle of a file
    # would leave it raised, and two that take turns would lower it under each other.
    with _FIELD_LIMIT:
        before = csv.field_size_limit(_LARGEST_FIELD)
        try:
            yield
        finally:
            csv.field_size_limit(before)
