"""Fills in the sizes that a student takes from its teacher or its start."""

from typing import TypeVar

from distill_tf.config import DistillConfig
from distill_tf.config.bert_student import DEFAULT_SIZES
from distill_tf.config.bert_student import BertStudentOptions
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.errors import DistillError
from distill_tf.models.bert_config import BertConfig
from distill_tf.predictor import Predictor

Student = TypeVar("Student", bound=BertStudentOptions)

_WIDTHS = ("hidden_size", "num_attention_heads", "intermediate_size")
# Kinds that are cut out of the teacher.
_CUT_OUT = ("bert_pkd", "theseus")
_PKD_LAYERS = 3
_THESEUS_RATIO = 2


def with_teacher_sizes(
    config: DistillConfig, teacher: BertConfig | None
) -> DistillConfig:
    """The configuration with nothing left open for a bert_pkd or theseus.

    Widths are the teacher's unless they are given; the start is the teacher's first
    layers unless another one is. Other kinds of students stay as they are.

    Raises:
        DistillError: the number of layers contradicts itself or the teacher's, or
            there is no BERT to take sizes from.
    """
    if config.model_type not in _CUT_OUT:
        return config
    if teacher is None:
        raise DistillError(
            f"a {config.model_type} is cut out of a BERT, but no teacher is one; "
            "give one, or choose model_type=tinybert with the sizes you want."
        )
    layers = _num_layers(config, teacher.num_hidden_layers)
    changes = {"student_num_hidden_layers": layers}
    for width in _WIDTHS:
        if getattr(config, f"student_{width}") is None:
            changes[f"student_{width}"] = getattr(teacher, width)
    return _with_first_layers(config.replace(**changes))


def with_student_sizes(config: DistillConfig, student: Predictor) -> DistillConfig:
    """The configuration with nothing left open, by the student itself.

    So that its sizes can be told when its teacher and its start are gone.
    """
    if config.model_type in TOWER_TYPES:
        return with_sizes_of(config, student.model.config.bert)
    if config.model_type in _CUT_OUT:
        return _with_first_layers(with_sizes_of(config, student.model.config))
    if config.model_type == "tinybert":
        return with_sizes_of(config, student.model.config)
    return config


def with_sizes_of(config: Student, bert: BertConfig) -> Student:
    """The configuration with a BERT's sizes where it has none."""
    return config.with_defaults(
        {size: getattr(bert, size.removeprefix("student_")) for size in DEFAULT_SIZES}
    )


def _with_first_layers(config: DistillConfig) -> DistillConfig:
    """What is cut out has the teacher's first layers, unless it starts elsewhere."""
    if config.names_a_start or config.from_scratch:
        return config
    layers = map(str, range(config.student_num_hidden_layers))
    return config.replace(layer_list=",".join(layers))


def _num_layers(config: DistillConfig, teacher_layers: int) -> int:
    if config.model_type == "theseus":
        layers = _theseus_layers(config, teacher_layers)
    else:
        layers = _given_layers(config) or _PKD_LAYERS
    from_teacher = not (config.init_checkpoint_student or config.from_scratch)
    if from_teacher and layers > teacher_layers:
        raise DistillError(
            f"the student has {layers} layers, more than the teacher's "
            f"{teacher_layers} to start from; set student_num_hidden_layers to "
            f"{teacher_layers} or less."
        )
    return layers


def _given_layers(config: DistillConfig) -> int | None:
    if config.student_num_hidden_layers is not None or not config.layer_list:
        return config.student_num_hidden_layers
    return config.layer_list.count(",") + 1


def _theseus_layers(config: DistillConfig, teacher_layers: int) -> int:
    given, ratio = _given_layers(config), config.compress_ratio
    if given is not None and ratio is None:
        return given
    ratio = ratio or _THESEUS_RATIO
    layers, rest = divmod(teacher_layers, ratio)
    if rest:
        raise DistillError(
            f"compress_ratio is {ratio}, which does not divide the teacher's "
            f"{teacher_layers} layers; set student_num_hidden_layers instead, to "
            "any number up to that."
        )
    if given not in (None, layers):
        raise DistillError(
            f"compress_ratio={ratio} gives {layers} layers, but {given} are asked for; "
            "leave out compress_ratio, or make them agree."
        )
    return layers
