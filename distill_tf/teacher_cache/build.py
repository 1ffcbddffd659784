"""Runs the teacher over the rows that are missing, file by file."""

import contextlib
import hashlib
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from absl import logging
from filelock import FileLock
from filelock import Timeout

from distill_tf.data.batches import TrainingBatches
from distill_tf.data.batches import specs_of
from distill_tf.data.padding import Inputs
from distill_tf.errors import DistillError
from distill_tf.files import remove_leftovers
from distill_tf.models.batch_parts import in_parts
from distill_tf.models.outputs import OutputsModel
from distill_tf.teacher_cache.chunk import SUFFIX
from distill_tf.teacher_cache.chunk import write_chunk
from distill_tf.teacher_cache.columns import Column
from distill_tf.teacher_cache.columns import padding_mask
from distill_tf.teacher_cache.distinct_rows import DistinctRows
from distill_tf.teacher_cache.stored_rows import StoredRows
from distill_tf.threads import inference_parts

# What is in memory at once, and what a kill may lose.
_BYTES_A_FILE = 2**28
_TOKENS_A_FILE = 2**16
# More are not computed faster, and all layers' scores are held for these.
_TOKENS_A_BATCH = 4096
_LOCKS = ".locks"
_DAY = 24 * 60 * 60


def build(
    stored: StoredRows,
    distinct: DistinctRows,
    batches: TrainingBatches,
    teacher: OutputsModel,
) -> int:
    """Computes and writes every row that is not there.

    A finished file is never lost. Runs that build the same columns of the same examples
    at the same time share the work: a file is written by the one that holds its lock,
    and those that another run is at are waited for at the end.

    Args:
        stored: the rows that there are; they are complete afterwards.
        distinct: the rows.
        batches: what the teacher reads.
        teacher: in the precision of the run.

    Returns:
        How many rows the teacher was asked for.
    """
    # A file's lock is named after what a run looks for, and the file after what it
    # lacks, so that no lock tells whether another run is writing a certain file. But
    # none takes a day.
    remove_leftovers(stored.folder, older_than_seconds=_DAY)
    waiting, computed = [], 0
    compute = _TeacherPass(teacher)
    for rows in _plan(distinct, stored.columns):
        try:
            computed += _fill(stored, rows, distinct, batches, compute, timeout=0)
        except Timeout:
            waiting.append(rows)
    if waiting:
        logging.info("Another run computes the same teacher outputs; waiting for it.")
    for rows in waiting:
        computed += _fill(stored, rows, distinct, batches, compute, timeout=-1)
    return computed


def _plan(distinct: DistinctRows, columns: Sequence[Column]) -> Iterator[np.ndarray]:
    """Rows of a file each; the same for all runs with these examples and columns."""
    sizes = sum(
        column.sizes(distinct.lengths) * column.dtype.itemsize for column in columns
    )
    files = np.maximum(
        np.cumsum(sizes) // _BYTES_A_FILE,
        np.cumsum(distinct.lengths) // _TOKENS_A_FILE,
    )
    cuts = np.flatnonzero(np.diff(files)) + 1
    yield from np.split(np.arange(len(distinct)), cuts)


def _fill(
    stored: StoredRows,
    rows: np.ndarray,
    distinct: DistinctRows,
    batches: TrainingBatches,
    compute: "_TeacherPass",
    timeout: float,
) -> int:
    """Makes some rows complete, by one new file if they are not.

    Raises:
        Timeout: another run is at them.
    """
    if not stored.incomplete(rows).any():
        return 0
    lock = stored.folder / _LOCKS / _name(distinct.keys[rows], stored.columns)
    with _locked(lock, timeout):
        stored.refresh()
        rows = rows[stored.incomplete(rows)]
        if not len(rows):
            return 0
        columns = [each for each in stored.columns if stored.missing(each, rows).any()]
        parts = {column.name: [] for column in columns}
        for chosen in _cut(rows, distinct.lengths):
            inputs = batches.teacher_inputs(distinct.examples[chosen])
            mask = padding_mask(inputs)
            for column, values in zip(columns, compute(inputs, columns), strict=True):
                parts[column.name].append(column.flatten(values, mask))
        keys = distinct.keys[rows]
        path = stored.folder / (_name(keys, columns) + SUFFIX)
        write_chunk(
            path,
            keys,
            {
                column.name: (
                    np.concatenate(parts[column.name]),
                    column.sizes(distinct.lengths[rows]),
                )
                for column in columns
            },
        )
        stored.add(path)
    return len(rows)


@contextlib.contextmanager
def _locked(path: Path, timeout: float) -> Iterator[None]:
    """Holds a lock.

    Raises:
        Timeout: another process holds it.
        DistillError: the folder cannot be written.
    """
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout)
    except Timeout:
        raise
    except OSError as error:
        raise DistillError(
            f"{path} could not be written ({error.strerror}): free some space, give a "
            "teacher_cache folder that may be written to, or --teacher_cache=off."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _cut(rows: np.ndarray, lengths: np.ndarray) -> Iterator[np.ndarray]:
    """Batches of rows, which are in order of length."""
    start = 0
    while start < len(rows):
        candidates = lengths[rows[start : start + _TOKENS_A_BATCH]]
        tokens = candidates * np.arange(1, len(candidates) + 1)
        size = max(1, int(np.searchsorted(tokens, _TOKENS_A_BATCH, side="right")))
        yield rows[start : start + size]
        start += size


def _name(keys: np.ndarray, columns: Sequence[Column]) -> str:
    """Of these rows and columns, whoever asks."""
    digest = hashlib.blake2b(keys.tobytes(), digest_size=16)
    digest.update(" ".join(sorted(column.name for column in columns)).encode())
    return digest.hexdigest()


class _TeacherPass:
    """The teacher's forward pass, traced once for all batch shapes and some columns."""

    def __init__(self, teacher: OutputsModel):
        self._teacher = teacher
        self._traced = {}

    def __call__(self, inputs: Inputs, columns: Sequence[Column]) -> list[np.ndarray]:
        """The padded values of each column."""
        columns = tuple(columns)
        if columns not in self._traced:
            self._traced[columns] = tf.function(
                lambda inputs: self._pick(inputs, columns),
                input_signature=[specs_of(inputs)],
            )
        tensors = keras.tree.map_structure(tf.constant, inputs)
        return [values.numpy() for values in self._traced[columns](tensors)]

    def _pick(self, inputs, columns):
        compute = in_parts(self._teacher.compute_outputs, inference_parts())
        outputs = compute(inputs, training=False)
        return [tf.convert_to_tensor(column.pick(outputs)) for column in columns]
