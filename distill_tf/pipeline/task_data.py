"""The task of a configuration, with its examples as text and as token ids."""

import dataclasses
from dataclasses import dataclass

import numpy as np
from absl import logging

from distill_tf.augmentation.mask_tokens import restore_masks
from distill_tf.config.more_texts import MoreTextOptions
from distill_tf.config.task import TaskOptions
from distill_tf.data.batches import StoredOutputs
from distill_tf.data.batches import TrainingBatches
from distill_tf.data.padding import Encoded
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.tasks import AUGMENTED
from distill_tf.tasks import Examples
from distill_tf.tasks import Task
from distill_tf.tasks import build_task
from distill_tf.tasks import concatenate
from distill_tf.tasks import with_augmented
from distill_tf.text import EncodedPairs
from distill_tf.text import Encoder
from distill_tf.text import PresetEncoder
from distill_tf.text import SeparateEncoder
from distill_tf.text import SeveralEncoders
from distill_tf.text import encode_all


@dataclass(frozen=True)
class EvaluationSet:
    """A labelled split as token ids."""

    name: str
    encoded: Encoded
    labels: np.ndarray


@dataclass(frozen=True)
class TaskData:
    """A task and where its files are."""

    task: Task
    options: TaskOptions

    @classmethod
    def load(cls, options: TaskOptions) -> "TaskData":
        return cls(build_task(options), options)

    @property
    def labels(self) -> LabelSet:
        return LabelSet(names=tuple(self.task.labels), is_pair=self.task.is_pair)

    def examples(self, split: str, max_examples: int | None = None) -> Examples:
        return self.task.load(self._data_dir, split, max_examples)

    def train(self) -> Examples:
        """The labelled training examples, as many as the options allow."""
        return self.examples("train", self.options.max_train_examples or None)

    def with_unlabelled(self, train: Examples, options: MoreTextOptions) -> Examples:
        """The training examples, and those without a label that a task may have."""
        if not (
            options.use_unlabelled and self.task.has_split(self._data_dir, "unlabelled")
        ):
            return train
        limit = self.options.max_train_examples or None
        unlabelled = self.examples("unlabelled", limit)
        logging.info(
            "The student learns from %d labelled and %d unlabelled examples.",
            len(train),
            len(unlabelled),
        )
        return concatenate([train, unlabelled])

    def with_augmented(self, train: Examples, options: MoreTextOptions) -> Examples:
        """The training examples, and the rewritten ones of the task's train_aug file.

        Raises:
            DistillError: there is no such file.
        """
        folder = options.aug_dir or self._data_dir
        augmented = with_augmented(train, self.task.load(folder, AUGMENTED))
        if limit := self.options.max_train_examples:
            augmented = augmented.select(range(min(len(augmented), len(train) + limit)))
        logging.info(
            "The student learns from %d examples and %d augmented ones.",
            len(train),
            len(augmented) - len(train),
        )
        return augmented

    def dev_examples(self) -> Examples:
        """The dev split that selects the best weights."""
        return self.examples(self._dev_splits[0])

    def dev_sets(self, encoder: Encoder) -> list[EvaluationSet]:
        """The dev splits as this encoder reads them; the first one selects."""
        sets = []
        for split in self._dev_splits:
            examples = self.examples(split)
            encoded = encode(encoder, examples, split)
            sets.append(EvaluationSet(split, encoded, examples.labels))
        return sets

    def test_examples(self) -> dict[str, Examples]:
        """The test sets that are there, by split; DistillError if there is none."""
        sets = {
            split: self.examples(split)
            for split in self.task.test_splits
            if self.task.has_split(self._data_dir, split)
        }
        if not sets:
            raise DistillError(
                f"do_predict needs a test set, but task {self.task.name} has none in "
                f"{self._data_dir or 'its data'}; add the file or leave out do_predict."
            )
        return sets

    @property
    def _data_dir(self) -> str | None:
        return self.options.data_dir or None

    @property
    def _dev_splits(self) -> tuple[str, ...]:
        return self.task.available_dev_splits(self._data_dir)


def encode(
    encoder: Encoder | PresetEncoder | SeveralEncoders, examples: Examples, what: str
) -> Encoded:
    """Encodes a split, and says how many texts were too long."""
    encoded = encode_all(encoder, examples.texts_a, examples.texts_b)
    if encoded.num_truncated:
        logging.info(
            "%s: %d of %d %s are cut at %s tokens.",
            what,
            encoded.num_truncated,
            2 * len(encoded) if isinstance(encoded, EncodedPairs) else len(encoded),
            "texts" if isinstance(encoded, EncodedPairs) else "examples",
            _limits(encoder, encoded),
        )
    return encoded


def encode_with_masks(
    encoder: Encoder | PresetEncoder | SeveralEncoders,
    examples: Examples,
    what: str,
    has_masks: bool,
) -> Encoded:
    """Encodes texts in which, with `has_masks`, the word [MASK] is that token.

    So augmentation means it; a model of another family than BERT's reads it as text.
    """
    if isinstance(encoder, SeveralEncoders):
        return encoder.encode_each(
            lambda each: encode_with_masks(each, examples, what, has_masks)
        )
    encoded = encode(encoder, examples, what)
    if has_masks and not isinstance(encoder, PresetEncoder):
        return restore_masks(encoded, encoder)
    return encoded


def _limits(encoder: Encoder, encoded: Encoded) -> str:
    if not isinstance(encoded, EncodedPairs):
        return str(encoder.max_seq_length)
    return " and ".join(dict.fromkeys(map(str, encoded.layout.max_tokens)))


def training_batches(
    examples: Examples,
    encoder: Encoder,
    batch_size: int,
    seed: int,
    teacher_encoder: Encoder | PresetEncoder | SeveralEncoders | None = None,
    has_masks: bool = False,
    teacher_outputs: StoredOutputs | None = None,
    tokens_per_batch: int = 0,
) -> TrainingBatches:
    """Training examples as batches that the student reads, and the teacher too.

    Args:
        examples: the texts and labels.
        encoder: how the student reads.
        batch_size: examples a batch.
        seed: of the order.
        teacher_encoder: how the teacher reads, if there is one; where it is the
            student's own way, the texts are encoded once.
        has_masks: see `encode_with_masks`.
        teacher_outputs: what the teacher said, if it need not be asked.
        tokens_per_batch: padded tokens a batch, instead of examples; 0 for examples.
    """
    known = {}

    def read(encoder: Encoder | PresetEncoder, what: str) -> Encoded:
        if encoder not in known:
            known[encoder] = encode_with_masks(encoder, examples, what, has_masks)
        return known[encoder]

    def read_for_the_teacher() -> Encoded | None:
        if teacher_encoder is None or teacher_encoder is encoder:
            return None
        if _tokens_are_alike(encoder, teacher_encoder):
            student = read(encoder, "train")
            return dataclasses.replace(student, layout=teacher_encoder.pair_layout)
        what = "train, for the teacher"
        if isinstance(teacher_encoder, SeveralEncoders):
            return teacher_encoder.encode_each(lambda one: read(one, what))
        return read(teacher_encoder, what)

    return TrainingBatches(
        read(encoder, "train"),
        examples.labels,
        batch_size,
        seed,
        read_for_the_teacher(),
        teacher_outputs,
        tokens_per_batch,
    )


def _tokens_are_alike(
    first: Encoder, second: Encoder | PresetEncoder | SeveralEncoders
) -> bool:
    """Whether two ways of reading pairs differ in nothing but the special tokens."""
    return (
        isinstance(first, SeparateEncoder)
        and isinstance(second, SeparateEncoder)
        and first.vocabulary is second.vocabulary
        and dataclasses.replace(first.settings, layout=second.settings.layout)
        == second.settings
    )
