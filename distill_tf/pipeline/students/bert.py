"""A student of BERT's kind: built to the configured size, started as configured."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from absl import logging

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.hidden_projection import read_hidden_projection
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.load import load_untrained
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config import DistillConfig
from distill_tf.config.bert_student import BertStudentOptions
from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.pipeline.classifier import FORMATS
from distill_tf.pipeline.classifier import check_positions
from distill_tf.pipeline.students.student import Student
from distill_tf.pipeline.students.word_pieces import lower_cases
from distill_tf.pipeline.students.word_pieces import own_encoder
from distill_tf.pipeline.students.word_pieces import own_vocabulary
from distill_tf.pipeline.students.word_pieces import reads_as_the_teacher
from distill_tf.pipeline.teachers import Teacher
from distill_tf.pipeline.teachers import bert_of
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.text import Encoder
from distill_tf.text import TextEncoder
from distill_tf.text import Vocabulary

_POSITIONS = 512  # As BERT has.
_LAYER_PREFIX = "bert/encoder/layer_"
_SIZES = (
    "num_hidden_layers",
    "hidden_size",
    "num_attention_heads",
    "intermediate_size",
)


def bert_student(config: DistillConfig, teacher: Teacher, train: Examples) -> Student:
    """A BERT of the student's size that reads the teacher's tokens, if that is a BERT.

    It starts from random weights, from `init_checkpoint_student`, or from the teacher,
    and of these two from the layers in `layer_list`; with `from_scratch` they only say
    how it is built. A bert_pkd that starts from a checkpoint keeps a head that fits the
    task, since what `init_student_only` writes has one. What is no size (activation,
    dropout, positions) is as in the checkpoint it starts from, else as in the teacher.
    Without a BERT to read like, its vocabulary is that of `vocab_file` or
    `init_checkpoint_student`.

    Raises:
        DistillError: there is no vocabulary, or a starting point of another size.
    """
    del train  # The vocabulary is not made of it.
    bert = reads_as_the_teacher(config, teacher)
    start = starting_point(
        config,
        _longest_row(config, teacher),
        as_checkpoint(bert_of(teacher)),
        vocab_file="" if bert else config.vocab_file,
        keeps_head=config.model_type == "bert_pkd",
    )
    if start and start.num_classes not in (None, teacher.labels.num_outputs):
        start = start.without_head()
    encoder = _encoder(config, teacher, start)
    if start:
        base = start.config
    elif bert:
        base = bert.model.config
    else:
        base = _unlike_any(config, encoder)
    model_config = student_config(config, base)
    pooling_strategy = config.pooling_strategy or (
        bert.model.pooling_strategy if bert else "cls"
    )

    def new_model(precision: str) -> BertClassifier:
        model = BertClassifier(
            model_config,
            teacher.labels.num_outputs,
            pooling_strategy=pooling_strategy,
            dtype=precision,
        )
        if start and not config.from_scratch:
            logging.info("%s", start.load_into(model))
        return model

    return Student(
        encoder,
        teacher.labels,
        new_model,
        config.seed,
        hidden_projection=inherited_projection(config, start),
    )


def weights_of_layers(weights: dict, layers: tuple[int, ...]) -> dict:
    """The canonical weights of a BERT that has only these layers, renumbered.

    Everything outside of the layers (embeddings, pooler, head) stays.
    """
    chosen = {k: v for k, v in weights.items() if not k.startswith(_LAYER_PREFIX)}
    for new, old in enumerate(layers):
        prefix = f"{_LAYER_PREFIX}{old}/"
        for name, weight in weights.items():
            if name.startswith(prefix):
                rest = name.removeprefix(prefix)
                chosen[f"{_LAYER_PREFIX}{new}/{rest}"] = weight
    return chosen


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
            start = _layers_of(start, config.layer_list)
    elif config.layer_list:
        start = _teacher_layers(config.layer_list, teacher)
    else:
        return None
    check_positions(start, max_seq_length)
    _check_sizes(config, start)
    return start


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


def _longest_row(config: DistillConfig, teacher: Teacher) -> int:
    bert = reads_as_the_teacher(config, teacher)
    if bert and _reads_alike(config, teacher, bert):
        return max(bert.encoder.settings.row_lengths)
    return config.max_seq_length


def _reads_alike(config: DistillConfig, teacher: Teacher, bert: Predictor) -> bool:
    """Whether the student's encoder can be the BERT's own."""
    return lower_cases(config, teacher) == bert.encoder.settings.do_lower_case


def _encoder(
    config: DistillConfig, teacher: Teacher, start: BertCheckpoint | None
) -> Encoder:
    bert = reads_as_the_teacher(config, teacher)
    if bert:
        if _reads_alike(config, teacher, bert):
            return bert.encoder
        return own_encoder(config, bert.encoder.vocabulary)
    vocabulary = own_vocabulary(config)
    if vocabulary is None and start and start.tokens:
        vocabulary = Vocabulary(start.tokens, source=start.source)
    if vocabulary is None:
        raise DistillError(
            "a student of BERT's kind reads WordPieces, but there is no BERT as "
            "teacher to take them from; give its vocab_file, or an "
            "init_checkpoint_student that comes with one."
        )
    if start and start.tokens not in (None, vocabulary.tokens):
        raise DistillError(
            f"{start.source} has another vocabulary than vocab_file, so its embeddings "
            "are of other tokens; leave one of them out."
        )
    return own_encoder(config, vocabulary, start.do_lower_case if start else None)


def _unlike_any(config: DistillConfig, encoder: TextEncoder) -> BertConfig:
    """What is no size of a student that neither starts from nor reads like a BERT."""
    return BertConfig(
        vocab_size=len(encoder.vocabulary.tokens),
        max_position_embeddings=max(_POSITIONS, config.max_seq_length),
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


def student_config(config: BertStudentOptions, base: BertConfig) -> BertConfig:
    """A BERT of the student's sizes that is in all else like another one.

    A size that is None is the other one's too.
    """
    sizes = {size: getattr(config, f"student_{size}") for size in _SIZES}
    return replace(base, **{k: v for k, v in sizes.items() if v is not None})


def _teacher_layers(layer_list: str, teacher: BertCheckpoint | None) -> BertCheckpoint:
    if teacher is None:
        raise DistillError(
            "layer_list starts the student from a BERT's layers, but there is no BERT "
            "as teacher; leave it out, or give init_checkpoint_student."
        )
    return replace(
        _layers_of(teacher, layer_list),
        source=f"the teacher cut to layer_list={layer_list}",
    )


def _layers_of(whole: BertCheckpoint, layer_list: str) -> BertCheckpoint:
    layers = _parse_layer_list(layer_list, whole)
    return replace(
        whole,
        config=replace(whole.config, num_hidden_layers=len(layers)),
        weights=weights_of_layers(whole.weights, layers),
    )


def _parse_layer_list(layer_list: str, whole: BertCheckpoint) -> tuple[int, ...]:
    try:
        layers = tuple(int(part) for part in layer_list.split(","))
    except ValueError:
        raise DistillError(
            "layer_list must be numbers separated by commas, such as 0,2,5, but is "
            f"{layer_list!r}; correct it."
        ) from None
    there = whole.config.num_hidden_layers
    wrong = [layer for layer in layers if not 0 <= layer < there]
    if wrong:
        raise DistillError(
            f"layer_list names layer {wrong[0]}, but {whole.source} has layers 0 to "
            f"{there - 1}; correct it, or leave it out (--layer_list=) for all of them."
        )
    return layers
