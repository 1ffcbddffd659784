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
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples

_LAYER_PREFIX = "bert/encoder/layer_"
_SIZES = (
    "num_hidden_layers",
    "hidden_size",
    "num_attention_heads",
    "intermediate_size",
)


def bert_student(config: DistillConfig, teacher: Predictor, train: Examples) -> Student:
    """A BERT of the student's size that reads the teacher's tokens.

    It starts from random weights, from `init_checkpoint_student`, or from the
    teacher's layers in `layer_list`. What is no size (activation, dropout, positions)
    is as in the checkpoint it starts from, else as in the teacher.

    Raises:
        DistillError: there are two starting points, or one of another size.
    """
    del train  # The vocabulary is the teacher's.
    start = starting_point(config, teacher)
    model_config = _student_config(
        config, start.config if start else teacher.model.config
    )

    def new_model(precision: str) -> BertClassifier:
        model = BertClassifier(
            model_config,
            teacher.labels.num_outputs,
            pooling_strategy=teacher.model.pooling_strategy,
            dtype=precision,
        )
        if start:
            logging.info("%s", start.load_into(model))
        return model

    return Student(teacher.encoder, teacher.labels, new_model, config.seed)


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


def starting_point(config: DistillConfig, teacher: Predictor) -> BertCheckpoint | None:
    """The weights that the student starts from; None for random ones.

    Raises:
        DistillError: there are two starting points, or one of another size than asked
            for.
    """
    if config.init_checkpoint_student and config.layer_list:
        raise DistillError(
            "init_checkpoint_student and layer_list both say what the student starts "
            "from; give only one of them."
        )
    if config.init_checkpoint_student:
        start = load_checkpoint(config.init_checkpoint_student, formats=FORMATS)
        _check_vocabulary(start, teacher)
        check_positions(start, config.max_seq_length)
        start = start.without_head()
    elif config.layer_list:
        start = _teacher_layers(config.layer_list, teacher)
    else:
        return None
    _check_sizes(config, start)
    return start


def _check_vocabulary(start: BertCheckpoint, teacher: Predictor) -> None:
    if start.tokens:
        same = start.tokens == teacher.encoder.vocabulary.tokens
    else:
        same = start.config.vocab_size == teacher.model.config.vocab_size
    if not same:
        raise DistillError(
            f"{start.source} has another vocabulary than the teacher; give a student "
            "checkpoint that reads the teacher's tokens."
        )


def _check_sizes(config: DistillConfig, start: BertCheckpoint) -> None:
    """Heads have no shape of their own, so loading alone would not notice them."""
    for size in _SIZES:
        flag, found = f"student_{size}", getattr(start.config, size)
        if getattr(config, flag) not in (None, found):
            raise DistillError(
                f"{flag} is {getattr(config, flag)}, but {start.source} has {found}; "
                f"set {flag}={found} to start from it."
            )


def _student_config(config: DistillConfig, base: BertConfig) -> BertConfig:
    return replace(
        base, **{size: getattr(config, f"student_{size}") for size in _SIZES}
    )


def _teacher_layers(layer_list: str, teacher: Predictor) -> BertCheckpoint:
    layers = _parse_layer_list(layer_list, teacher.model.config.num_hidden_layers)
    return BertCheckpoint(
        config=replace(teacher.model.config, num_hidden_layers=len(layers)),
        weights=weights_of_layers(named_weights(teacher.model), layers),
        source=f"the teacher cut to layer_list={layer_list}",
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
