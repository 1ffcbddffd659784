"""A student of BERT's kind: built to the configured size, started as configured."""

from dataclasses import replace

from absl import logging

from distill_tf.checkpoints.checkpoint import BertCheckpoint
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config import DistillConfig
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


def bert_student(
    config: DistillConfig, teacher: Teacher | Predictor, train: Examples
) -> Student:
    """A BERT of the student's size that reads the teacher's tokens, if that is a BERT.

    It starts from random weights, from `init_checkpoint_student`, or from the
    teacher's layers in `layer_list`. What is no size (activation, dropout, positions)
    is as in the checkpoint it starts from, else as in the teacher. Without a BERT to
    read like, its vocabulary is that of `vocab_file` or `init_checkpoint_student`.

    Raises:
        DistillError: there is no vocabulary, there are two starting points, or one of
            another size.
    """
    del train  # The vocabulary is not made of it.
    start = _starting_point(config, teacher)
    encoder = _encoder(config, teacher, start)
    bert = reads_as_the_teacher(config, teacher)
    if start:
        _check_vocabulary(start, encoder, bert)
        _check_sizes(config, start)
        base = start.config
    elif bert:
        base = bert.model.config
    else:
        base = BertConfig(
            vocab_size=len(encoder.vocabulary.tokens),
            max_position_embeddings=max(_POSITIONS, config.max_seq_length),
        )
    model_config = _student_config(config, base)
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
        if start:
            logging.info("%s", start.load_into(model))
        return model

    return Student(encoder, teacher.labels, new_model, config.seed)


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


def _starting_point(
    config: DistillConfig, teacher: Teacher | Predictor
) -> BertCheckpoint | None:
    """The weights that the student starts from; None for random ones."""
    if config.init_checkpoint_student and config.layer_list:
        raise DistillError(
            "init_checkpoint_student and layer_list both say what the student starts "
            "from; give only one of them."
        )
    if config.init_checkpoint_student:
        own = config.vocab_file and not reads_as_the_teacher(config, teacher)
        start = load_checkpoint(
            config.init_checkpoint_student,
            vocab_file=config.vocab_file if own else None,
            formats=FORMATS,
        )
        check_positions(start, config.max_seq_length)
        return start.without_head()
    return _teacher_layers(config, teacher) if config.layer_list else None


def _encoder(
    config: DistillConfig, teacher: Teacher | Predictor, start: BertCheckpoint | None
) -> TextEncoder:
    bert = reads_as_the_teacher(config, teacher)
    if bert:
        if lower_cases(config, teacher) == bert.encoder.settings.do_lower_case:
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
    return own_encoder(config, vocabulary, start.do_lower_case if start else None)


def _check_vocabulary(
    start: BertCheckpoint, encoder: TextEncoder, bert: Predictor | None
) -> None:
    """The start must read as the student does, that is as `bert` if there is one."""
    if start.tokens:
        same = start.tokens == encoder.vocabulary.tokens
    else:
        same = bert and start.config.vocab_size == bert.model.config.vocab_size
    if not same:
        owner = "the teacher" if bert else "the student's vocab_file"
        raise DistillError(
            f"{start.source} has another vocabulary than {owner}; give a student "
            "checkpoint that reads those tokens."
        )


def _check_sizes(config: DistillConfig, start: BertCheckpoint) -> None:
    """Heads have no shape of their own, so loading alone would not notice them."""
    for size in _SIZES:
        flag, found = f"student_{size}", getattr(start.config, size)
        if getattr(config, flag) != found:
            raise DistillError(
                f"{flag} is {getattr(config, flag)}, but {start.source} has {found}; "
                f"set {flag}={found} to start from it."
            )


def _student_config(config: DistillConfig, base: BertConfig) -> BertConfig:
    return replace(
        base, **{size: getattr(config, f"student_{size}") for size in _SIZES}
    )


def _teacher_layers(
    config: DistillConfig, teacher: Teacher | Predictor
) -> BertCheckpoint:
    bert, layer_list = bert_of(teacher), config.layer_list
    if bert is None:
        raise DistillError(
            "layer_list starts the student from a BERT's layers, but there is no BERT "
            "as teacher; leave it out, or give init_checkpoint_student."
        )
    layers = _parse_layer_list(layer_list, bert.model.config.num_hidden_layers)
    return BertCheckpoint(
        config=replace(bert.model.config, num_hidden_layers=len(layers)),
        weights=weights_of_layers(named_weights(bert.model), layers),
        source=f"the teacher cut to layer_list={layer_list}",
        tokens=bert.encoder.vocabulary.tokens,
    )


def _parse_layer_list(layer_list: str, teacher_layers: int) -> tuple[int, ...]:
    try:
        layers = tuple(int(part) for part in layer_list.split(","))
    except ValueError:
        raise DistillError(
            "layer_list must be numbers separated by commas, such as 0,2,5, but is "
            f"{layer_list!r}; correct it."
        ) from None
    wrong = [layer for layer in layers if not 0 <= layer < teacher_layers]
    if wrong:
        raise DistillError(
            f"layer_list names the teacher's layer {wrong[0]}, but the teacher has "
            f"layers 0 to {teacher_layers - 1}; correct it."
        )
    return layers
