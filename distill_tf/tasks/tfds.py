"""Rows of public tasks through tensorflow-datasets, for when no folder is given."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from distill_tf.errors import DistillError
from distill_tf.tasks.examples import Examples
from distill_tf.tasks.row import Row

if TYPE_CHECKING:
    from distill_tf.tasks.task import Task

_DATA_SETS_HOST = "https://storage.googleapis.com"
_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class TfdsProvider:
    """Where a task is in tensorflow-datasets, and what it calls things there.

    tensorflow-datasets numbers classes in its own order (MNLI: entailment 0, neutral
    1, contradiction 2), so labels travel by name: its number -> its name, as its
    builder tells -> our label -> our number.

    Attributes:
        builder_name: e.g. "glue/mnli".
        texts: its feature names of the one or two texts.
        labels: its label names, each with our label; empty for regression.
        split_names: our split names, each with its name of the split.
    """

    builder_name: str
    texts: tuple[str, ...]
    labels: Mapping[str, str] = field(hash=False)
    split_names: Mapping[str, str] = field(hash=False)

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits it has, under our names."""
        return tuple(self.split_names)

    def load(self, task: "Task", split: str, max_examples: int | None) -> Examples:
        """Fetch the data set where it is not on disk yet, and read one split.

        Raises:
            DistillError: it could not be fetched or read; names the flag and the
                files to give instead.
        """
        rows = self._rows(task, split)
        return task.collect(islice(rows, max_examples), self.builder_name)

    def _rows(self, task: "Task", split: str) -> Iterator[Row]:
        origin = Path(self.builder_name)
        try:
            builder = open_builder(self.builder_name)
            label_names = getattr(builder.info.features["label"], "names", None)
            records = builder.as_dataset(split=self.split_names[split])
            for number, record in enumerate(records.as_numpy_iterator(), start=1):
                texts = tuple(record[name].decode("utf-8") for name in self.texts)
                yield Row(origin, number, texts, self._label(record, label_names))
        # tensorflow-datasets raises whatever its downloaders, parsers and optional
        # dependencies raise, and for a broken file what TensorFlow raises; to the
        # user all of it means: no data this way.
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise DistillError(
                f"task {task.name}: could not get {self.builder_name} through "
                f"tensorflow-datasets ({reason}); give --data_dir, a folder with "
                f"{task.describe_files()}"
            ) from error

    def _label(self, record: Any, label_names: list[str] | None) -> str | None:
        """The label of a record in our spelling; None for the -1 of test sets."""
        label = record["label"]
        if label_names is None:
            return repr(float(label))
        return None if label < 0 else self.labels[label_names[label]]


def open_builder(name: str) -> Any:
    """A tensorflow-datasets builder with its data on disk.

    Raises:
        Exception: of any type, when the data cannot be fetched.
    """
    import tensorflow_datasets

    builder = tensorflow_datasets.builder(name)
    if not builder.is_prepared():
        _require_network()
        builder.download_and_prepare()
    return builder


def _require_network() -> None:
    """Fail within seconds without a network; the download would retry for minutes."""
    request = urllib.request.Request(_DATA_SETS_HOST, method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS).close()
    except urllib.error.HTTPError:
        # The host answered, which is all that was asked.
        return
