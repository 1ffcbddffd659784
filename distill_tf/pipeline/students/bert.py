"""A student of BERT's kind: built to the configured size, started as configured."""

from absl import logging

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.pipeline.classifier import has_head_for
from distill_tf.pipeline.students.starting_point import as_checkpoint
from distill_tf.pipeline.students.starting_point import inherited_projection
from distill_tf.pipeline.students.starting_point import starting_point
from distill_tf.pipeline.students.starting_point import student_config
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
    pooling_strategy = config.pooling_strategy or (
        bert.model.pooling_strategy if bert else "cls"
    )
    if start and not _keeps_head(start, teacher, pooling_strategy):
        start = start.without_head()
    encoder = _encoder(config, teacher, start)
    if start:
        base = start.config
    elif bert:
        base = bert.model.config
    else:
        base = _unlike_any(config, encoder)
    model_config = student_config(config, base)

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


def _keeps_head(start: BertCheckpoint, teacher: Teacher, pooling_strategy: str) -> bool:
    """Whether the start has a head for these labels on vectors that are pooled so."""
    pooled_alike = start.pooling_strategy in (None, pooling_strategy)
    return pooled_alike and has_head_for(start, teacher.labels)


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
