"""What a teacher says of the training examples, as a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from absl import logging

from distill_tf.errors import DistillError
from distill_tf.files import atomic_path
from distill_tf.files import check_writable
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_live_teacher
from distill_tf.pipeline.text_layout import check_side_lengths
from distill_tf.tasks import Examples
from distill_tf.tasks import text_keys
from distill_tf.teacher_logits.config import WriteLogitsConfig

_DIGITS = 6


def write_teacher_logits(config: WriteLogitsConfig) -> None:
    """Asks a teacher, or several, and writes a file that `teacher_logits` takes.

    The file has a line a different text among the examples that a distillation with
    the same settings trains on.

    Raises:
        DistillError: a mistake in the configuration, the data or a checkpoint.
    """
    path = Path(config.output_file)
    if path.suffix != ".jsonl":
        raise DistillError(
            "output_file should be the name of a .jsonl file, but is "
            f"{config.output_file!r}; correct it."
        )
    if path.is_dir():
        raise DistillError(
            f"output_file should be a file, but {path} is a folder; choose another "
            "output_file."
        )
    # Before the teacher is asked, which may take hours.
    check_writable(path.parent, "folder of output_file")
    if not config.init_checkpoint_teacher:
        raise DistillError("there is no teacher to ask; give init_checkpoint_teacher.")
    data = TaskData.load(config)
    teacher = load_live_teacher(config, data)
    check_side_lengths(config, [member.encoder for member in teacher.members])
    examples = data.with_unlabelled(data.train(), config)
    if config.aug_train:
        examples = data.with_augmented(examples, config)
    first_of = {key: row for row, key in reversed([*enumerate(text_keys(examples))])}
    examples = examples.select(sorted(first_of.values()))
    logits = teacher.logits(
        examples, config.eval_batch_size, has_masks=config.aug_train
    )
    with (
        atomic_path(path) as temporary,
        # A lone surrogate, which JSON may hold, comes out as JSON's escape.
        temporary.open(
            "w", encoding="utf-8", newline="", errors="backslashreplace"
        ) as file,
    ):
        file.writelines(_lines(examples, logits))
    logging.info("What the teacher says of %d texts is in %s.", len(examples), path)


def _lines(examples: Examples, logits: np.ndarray) -> Iterator[str]:
    columns = {"text": examples.texts_a}
    if examples.texts_b is not None:
        columns = {"text_a": examples.texts_a, "text_b": examples.texts_b}
    for *texts, row in zip(*columns.values(), logits.tolist(), strict=True):
        said = [round(logit, _DIGITS) for logit in row]
        values = {**dict(zip(columns, texts, strict=True)), "logits": said}
        yield json.dumps(values, ensure_ascii=False) + "\n"
