"""The rows of a file as dicts, whatever its format."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import BinaryIO
from typing import NamedTuple

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.tasks.delimited import read_delimited
from distill_tf.tasks.json_lines import read_json_lines
from distill_tf.tasks.row import place


class Record(NamedTuple):
    """One row: where it is, for messages, and its values by column."""

    where: str
    values: dict[str, Any]


def read_records(path: Path) -> Iterator[Record]:
    """The rows of a .tsv, .csv, .jsonl or .npz file, in order.

    Raises:
        DistillError: another ending, no such file, or a row that cannot be read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DistillError(
            f"{path}: what a teacher said is read from {', '.join(_READERS)}; convert "
            "the file, or correct its name."
        )
    return reader(path)


def _read_table(path: Path, delimiter: str, quoted: bool) -> Iterator[Record]:
    records = read_delimited(path, delimiter, quoted)
    _, header = next(records, (1, []))
    if len(set(header)) != len(header):
        raise DistillError(f"{place(path, 1)}: two columns have one name; mend it.")
    for line, fields in records:
        if len(fields) != len(header):
            raise DistillError(
                f"{place(path, line)}: expected {len(header)} columns, got "
                f"{len(fields)}; mend or remove the line."
            )
        yield Record(place(path, line), dict(zip(header, fields, strict=True)))


def _read_json(path: Path) -> Iterator[Record]:
    for line, values in read_json_lines(path):
        yield Record(place(path, line), values)


def _read_arrays(path: Path) -> Iterator[Record]:
    arrays = _load_arrays(path)
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise DistillError(
            f"{path}: the arrays should have one row an example each, but have "
            f"{', '.join(f'{name} {length}' for name, length in lengths.items())}; "
            "save them again."
        )
    columns = {name: array.tolist() for name, array in arrays.items()}
    for row, values in enumerate(zip(*columns.values(), strict=True)):
        values = dict(zip(columns, values, strict=True))
        yield Record(f"{path}, row {row}", values)


def _load_arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        # Opened here, since np.load leaves a broken archive open.
        with open(path, "rb") as file:
            arrays = _read_archive(file)
    # A damaged file makes zipfile, zlib, and NumPy, which parses a bit of Python in it,
    # raise errors of a dozen types.
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise DistillError(
            f"{path} should hold arrays of numbers and of texts that numpy.savez "
            f"wrote, but cannot be read ({reason}); save it again, texts as "
            "numpy.array(texts, dtype=str)."
        ) from error
    single = [name for name, array in arrays.items() if not array.ndim]
    if single:
        raise DistillError(
            f"{path}: the array {single[0]} holds a single value instead of one an "
            "example; save it again."
        )
    return arrays


def _read_archive(file: BinaryIO) -> dict[str, np.ndarray]:
    # Pickled arrays could run code, so none are read.
    archive = np.load(file, allow_pickle=False)
    if isinstance(archive, np.ndarray):
        raise ValueError("it is a single array without a name, as numpy.save writes it")
    arrays = {name: archive[name] for name in archive.files}
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise ValueError(f"{name} is no array")
    return arrays


_READERS: dict[str, Callable[[Path], Iterator[Record]]] = {
    ".tsv": lambda path: _read_table(path, "\t", quoted=False),
    ".csv": lambda path: _read_table(path, ",", quoted=True),
    ".jsonl": _read_json,
    ".npz": _read_arrays,
}
