"""What a student of BERT's kind starts from, or is built like."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.hidden_projection import read_hidden_projection
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.load import load_untrained
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config.bert_student import BertStudentOptions
from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig
from distill_tf.pipeline.classifier import FORMATS
from distill_tf.pipeline.classifier import check_positions
from distill_tf.pipeline.students.layer_list import layers_of
from distill_tf.predictor import Predictor

_SIZES = (
    "num_hidden_layers",
    "hidden_size",
    "num_attention_heads",
    "intermediate_size",
)


def starting_point(
    config: BertStudentOptions,
    max_seq_length: int,
    teacher: BertCheckpoint | None,
    vocab_file: str = "",
    keeps_head: bool = False,
) -> BertCheckpoint | None:
    """What the student starts from, or is built like; None for its sizes alone.

    That is `init_checkpoint_student`, else the teacher, and of either the layers in
    `layer_list`, if that is given.

    Args:
        config: says which, and the student's sizes; None for those of the start.
        max_seq_length: the longest sequence that the student has to read.
        teacher: the BERT whose layers the student may take, and whose tokens it reads
            unless there is a vocab_file.
        vocab_file: the student's own vocabulary.
        keeps_head: whether a head of init_checkpoint_student stays, as that of the
            teacher does.

    Raises:
        DistillError: the starting point does not fit.
    """
    if config.init_checkpoint_student:
        load = load_untrained if config.from_scratch else load_checkpoint
        start = load(
            config.init_checkpoint_student,
            vocab_file=vocab_file or None,
            formats=FORMATS,
        )
        if teacher and not vocab_file:
            _check_vocabulary(start, teacher)
        if not keeps_head:
            start = start.without_head()
        if config.layer_list:
            start = layers_of(start, config.layer_list)
    elif config.layer_list:
        start = _teacher_layers(config.layer_list, teacher)
    else:
        return None
    check_positions(start, max_seq_length)
    _check_sizes(config, start)
    return start


def student_config(config: BertStudentOptions, base: BertConfig) -> BertConfig:
    """A BERT of the student's sizes that is in all else like another one.

    A size that is None is the other one's too.
    """
    sizes = {size: getattr(config, f"student_{size}") for size in _SIZES}
    return replace(base, **{k: v for k, v in sizes.items() if v is not None})


def inherited_projection(
    config: BertStudentOptions, start: BertCheckpoint | None
) -> Mapping[str, np.ndarray] | None:
    """The map of hidden states that comes with the weights a student starts from.

    See `checkpoints.hidden_projection`. The teacher's own layers come with none.
    """
    if not start or not config.init_checkpoint_student or config.from_scratch:
        return None
    return read_hidden_projection(start)


def as_checkpoint(bert: Predictor | None) -> BertCheckpoint | None:
    """A teacher as weights under their canonical names."""
    return bert and BertCheckpoint(
        config=bert.model.config,
        weights=named_weights(bert.model),
        source="the teacher",
        tokens=bert.encoder.vocabulary.tokens,
        pooling_strategy=bert.model.pooling_strategy,
    )


def _check_vocabulary(start: BertCheckpoint, teacher: BertCheckpoint) -> None:
    if start.tokens:
        same = start.tokens == teacher.tokens
    else:
        same = start.config.vocab_size == teacher.config.vocab_size
    if not same:
        raise DistillError(
            f"{start.source} has another vocabulary than the teacher; give a student "
            "checkpoint that reads the teacher's tokens."
        )


def _check_sizes(config: BertStudentOptions, start: BertCheckpoint) -> None:
    """Heads have no shape of their own, so loading alone would not notice them."""
    for size in _SIZES:
        flag, found = f"student_{size}", getattr(start.config, size)
        if getattr(config, flag) not in (None, found):
            raise DistillError(
                f"{flag} is {getattr(config, flag)}, but {start.source} has {found}; "
                f"set {flag}={found} to start from it, or from_scratch and name no "
                "start."
            )


def _teacher_layers(layer_list: str, teacher: BertCheckpoint | None) -> BertCheckpoint:
    if teacher is None:
        raise DistillError(
            "layer_list starts the student from a BERT's layers, but there is no BERT "
            "as teacher; leave it out, or give init_checkpoint_student."
        )
    return replace(
        layers_of(teacher, layer_list),
        source=f"the teacher cut to layer_list={layer_list}",
    )
