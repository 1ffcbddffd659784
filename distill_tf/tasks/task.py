"""A task: where its rows are, what its labels mean, how it is scored."""

from collections.abc import Iterable
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from dataclasses import field
from itertools import islice
from pathlib import Path
from typing import Protocol

from distill_tf.errors import DistillError
from distill_tf.tasks.examples import Examples
from distill_tf.tasks.labels import as_array
from distill_tf.tasks.labels import class_parser
from distill_tf.tasks.labels import parse_score
from distill_tf.tasks.row import Row
from distill_tf.tasks.source import Source

CLASSIFICATION_METRICS = ("accuracy", "f1", "matthews_corrcoef")
REGRESSION_METRICS = ("pearson", "spearman")
METRIC_NAMES = CLASSIFICATION_METRICS + REGRESSION_METRICS
# The split of rewritten training texts.
AUGMENTED = "train_aug"
# Splits whose labels the teacher gives.
_LABELLED_BY_TEACHER = ("unlabelled", AUGMENTED)


class Provider(Protocol):
    """Where the rows of a task come from when no data folder is given.

    Attributes:
        splits: the splits it has.
    """

    @property
    def splits(self) -> tuple[str, ...]: ...

    def load(self, task: "Task", split: str, max_examples: int | None) -> Examples:
        """The first `max_examples` rows of a split (all for None)."""


@dataclass(frozen=True)
class Task:
    """A text classification or regression task, as data.

    Attributes:
        name: canonical lower-case name.
        labels: labels in class order, as the files spell them; () means regression.
        is_pair: whether examples have a second text.
        metrics: names from `METRIC_NAMES`; the first one selects the best weights.
        files: for each split where its rows may be, best place first.
        dev_splits: the splits a full data set has for choosing weights.
        test_splits: the splits a full data set has for predicting.
        provider: where rows come from without a data folder; None if nowhere.
        label_aliases: other spellings of labels, each with the label it stands for.
        replacements: markup to replace in every text, wherever it comes from.

    Raises:
        ValueError: metrics that do not fit the kind of task.
    """

    name: str
    labels: tuple[str, ...]
    is_pair: bool
    metrics: tuple[str, ...]
    files: Mapping[str, tuple[Source, ...]] = field(hash=False, repr=False)
    dev_splits: tuple[str, ...] = ("dev",)
    test_splits: tuple[str, ...] = ("test",)
    provider: Provider | None = field(default=None, repr=False)
    label_aliases: Mapping[str, str] = field(
        default_factory=dict, hash=False, repr=False
    )
    replacements: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        fitting = REGRESSION_METRICS if self.is_regression else CLASSIFICATION_METRICS
        if not self.metrics or not set(self.metrics) <= set(fitting):
            raise ValueError(
                f"task {self.name}: metrics must come from {fitting}, "
                f"got {self.metrics}"
            )

    @property
    def is_regression(self) -> bool:
        """Whether labels are scores."""
        return not self.labels

    @property
    def num_classes(self) -> int:
        """Width of the output layer: the number of labels, 1 for regression."""
        return len(self.labels) or 1

    def load(
        self, data_dir: str | Path | None, split: str, max_examples: int | None = None
    ) -> Examples:
        """Read one split.

        Args:
            data_dir: folder with the task's files; None to let the task provide its
                rows itself (generated, or through tensorflow-datasets).
            split: "train", one of `dev_splits` or `test_splits`, or another key of
                `files`.
            max_examples: read only the first rows.

        Returns:
            The rows in the order of the file. Labels are None in "unlabelled",
            "train_aug" and the test splits, whatever the files hold: nothing reads
            them there, and they may be missing, blank or -1.

        Raises:
            DistillError: a missing, empty or malformed file, with file and line.
        """
        if data_dir is None:
            return self._provided(split, max_examples)
        source, path = self._locate(Path(data_dir), split)
        with closing(source.rows(path, self._reads_labels(split))) as rows:
            return self.collect(islice(rows, max_examples), str(path))

    def has_split(self, data_dir: str | Path | None, split: str) -> bool:
        """Whether `load` would find the split.

        Raises:
            DistillError: the data folder does not exist, or is missing.
        """
        if data_dir is None:
            return split in self._required_provider().splits
        folder = self._existing(Path(data_dir))
        return any(source.find(folder) for source in self.files.get(split, ()))

    def available_dev_splits(self, data_dir: str | Path | None) -> tuple[str, ...]:
        """The dev splits that are there, in order; subsets often have only one.

        Raises:
            DistillError: there is none.
        """
        found = tuple(s for s in self.dev_splits if self.has_split(data_dir, s))
        if not found:
            raise DistillError(
                f"task {self.name}: expected a dev set in {data_dir}, found none of "
                f"{', '.join(name for s in self.dev_splits for name in self._names(s))}"
            )
        return found

    def collect(self, rows: Iterable[Row], origin: str) -> Examples:
        """Gather rows into columns.

        Args:
            rows: what a reader yields; either all rows have a label or none has.
            origin: what to call the rows when there are none.

        Raises:
            DistillError: no rows, or a label that cannot be understood.
        """
        parse_label = (
            parse_score
            if self.is_regression
            else class_parser(self.labels, self.label_aliases)
        )
        columns: tuple[list[str], ...] = ([], []) if self.is_pair else ([],)
        labels = []
        for row in rows:
            for column, text in zip(columns, row.texts, strict=True):
                column.append(self.clean(text))
            if row.label is not None:
                labels.append(parse_label(row))
        if not columns[0]:
            raise DistillError(f"{origin}: expected examples, found none; is it whole?")
        return Examples(
            *columns,
            labels=as_array(labels, self.is_regression) if labels else None,
        )

    def describe_files(self) -> str:
        """The files a data folder may hold, split by split, for messages."""
        return ", ".join(" or ".join(self._names(split)) for split in self.files)

    def clean(self, text: str) -> str:
        """The text as examples have it, its markup replaced."""
        for old, new in self.replacements:
            text = text.replace(old, new)
        return text

    def _provided(self, split: str, max_examples: int | None) -> Examples:
        provider = self._required_provider()
        if split not in provider.splits:
            raise DistillError(
                f"task {self.name} has no split {split!r} without --data_dir, only "
                f"{', '.join(provider.splits)}"
            )
        examples = provider.load(self, split, max_examples)
        return examples if self._reads_labels(split) else examples.without_labels()

    def _reads_labels(self, split: str) -> bool:
        return split not in (*_LABELLED_BY_TEACHER, *self.test_splits)

    def _required_provider(self) -> Provider:
        if self.provider is None:
            raise DistillError(
                f"task {self.name} needs --data_dir, a folder with "
                f"{self.describe_files()}"
            )
        return self.provider

    def _locate(self, data_dir: Path, split: str) -> tuple[Source, Path]:
        folder = self._existing(data_dir)
        for source in self.files.get(split, ()):
            path = source.find(folder)
            if path is not None:
                return source, path
        if split not in self.files:
            raise DistillError(
                f"task {self.name} has no split {split!r}, only {', '.join(self.files)}"
            )
        names = " or ".join(self._names(split))
        raise DistillError(
            f"{data_dir}: task {self.name} looked for {names} as its {split} split "
            "and found none; add the file or mend --data_dir"
        )

    def _existing(self, data_dir: Path) -> Path:
        if not self.files:
            raise DistillError(
                f"task {self.name} is generated and reads no files; leave out "
                "--data_dir"
            )
        if not data_dir.is_dir():
            raise DistillError(
                f"{data_dir}: no such data folder; make it with "
                f"{self.describe_files()} or mend --data_dir"
            )
        return data_dir

    def _names(self, split: str) -> list[str]:
        return [name for source in self.files[split] for name in source.names]
