"""Fills in the defaults that depend on the task and on the kind of student."""

from typing import Any

from distill_tf.config import DistillConfig
from distill_tf.config.bert_student import DEFAULT_SIZES
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.config.unread_options import refuse_unread
from distill_tf.config.unread_options import unread_options
from distill_tf.methods import check_method
from distill_tf.pipeline.method_options import METHOD_OPTIONS
from distill_tf.pipeline.method_options import with_own_alpha
from distill_tf.pipeline.student_options import STUDENT_OPTIONS
from distill_tf.tasks import Task
from distill_tf.tasks.from_options import DEFAULT_TASK
from distill_tf.tasks.registry import canonical_name
from distill_tf.tasks.sample import SampleProvider

# TinyBERT's authors' recipe, for a student that starts from general distillation.
_STARTED_TINYBERT = {
    "method": "tinybert",
    "learning_rate": 3e-5,
    "num_train_epochs": 3.0,
    "intermediate_learning_rate": 5e-5,
    "intermediate_epochs": 10.0,
}
# Random weights want larger steps: docs/results.md has what these reach on SST-2.
_RANDOM_TINYBERT = {
    "method": "tinybert",
    "learning_rate": 1e-4,
    "num_train_epochs": 3.0,
    "intermediate_learning_rate": 5e-4,
    "intermediate_epochs": 3.0,
}
# Small enough for a first look in a minute or two, from random weights.
_SAMPLE_SIZES = {
    "student_num_hidden_layers": 2,
    "student_hidden_size": 64,
    "student_num_attention_heads": 4,
    "student_intermediate_size": 128,
}
_SAMPLE_TINYBERT = {
    "method": "tinybert",
    "learning_rate": 1e-3,
    "num_train_epochs": 4.0,
    "intermediate_learning_rate": 1e-3,
    "intermediate_epochs": 6.0,
}
# What PKD's authors do best with on SST-2; the two stages are those of other methods.
_BERT_PKD = {
    "method": "pkd",
    "learning_rate": 5e-5,
    "num_train_epochs": 4.0,
    "intermediate_learning_rate": 5e-5,
    "intermediate_epochs": 10.0,
}
# The learning rate of Theseus' authors, OneFlow's epochs.
_THESEUS = {
    "method": "theseus",
    "learning_rate": 2e-5,
    "num_train_epochs": 5.0,
    "intermediate_learning_rate": 2e-5,
    "intermediate_epochs": 5.0,
    "train_embeddings": False,
}
# A small teacher's layers want larger steps.
_SAMPLE_LAYERS = {"learning_rate": 5e-4, "intermediate_learning_rate": 5e-4}
_OF_THE_TEACHERS_SIZE = {"bert_pkd": _BERT_PKD, "theseus": _THESEUS}
_WITHOUT_ATTENTION = {
    "method": "tang",
    "learning_rate": 1e-3,
    "num_train_epochs": 10.0,
    "intermediate_learning_rate": 1e-3,
    "intermediate_epochs": 3.0,
}
# Sizes are the teacher's, from whose weights the towers start.
_TOWERS = {
    "method": "virt",
    "learning_rate": 5e-5,
    "num_train_epochs": 3.0,
    "intermediate_learning_rate": 5e-5,
    "intermediate_epochs": 3.0,
}
_SAMPLE_TOWERS = {**_TOWERS, "learning_rate": 5e-4, "num_train_epochs": 6.0}
# What each preset's publisher read.
_PRESET_TOKENIZERS = {
    "tang": "basic",
    "tang_large": "basic",
    "paddle": "wordpiece",
    "oneflow": "whitespace",
    "bert_embedding": "wordpiece",
}


def is_sample(task: Task) -> bool:
    """Whether the task is generated, and its teacher trained on the spot."""
    return isinstance(task.provider, SampleProvider)


def with_task(config: DistillConfig) -> DistillConfig:
    """The configuration with a task, by its name in the one spelling.

    Raises:
        DistillError: no such task.
    """
    if config.task_name is not None:
        return config.replace(task_name=canonical_name(config.task_name))
    is_tower = config.model_type in TOWER_TYPES
    return config.replace(task_name="sample_pair" if is_tower else DEFAULT_TASK)


def resolve(config: DistillConfig, task: Task) -> DistillConfig:
    """The configuration with the defaults of its task and kind of student.

    What still is None, the teacher decides: see `pipeline.teacher_sizes`.

    Raises:
        DistillError: the method, or an option that is given, is not for this kind of
            student, or an option not for the method.
    """
    refuse_unread(config, STUDENT_OPTIONS)
    defaults = _defaults(config, task)
    config = config.with_defaults({"method": defaults["method"]})
    config = with_own_alpha(config)
    # What all methods are compared with takes the flags of any, and an evaluation those
    # of the run.
    if config.do_train and config.method != "none":
        refuse_unread(config, METHOD_OPTIONS)
    unread = unread_options(config, METHOD_OPTIONS)
    config = config.with_defaults(
        {name: value for name, value in defaults.items() if name not in unread}
    )
    check_method(config)
    if config.student_alone is None:
        alone = is_sample(task) and config.method != "none"
        config = config.replace(student_alone=alone)
    if not config.output_dir:
        what = list(dict.fromkeys((config.model_type, config.method)))
        if config.init_student_only:
            what.append("start")
        config = config.replace(output_dir=f"output/{task.name}_{'_'.join(what)}")
    return config


def _tinybert_defaults(config: DistillConfig, task: Task) -> dict[str, Any]:
    if is_sample(task):
        sizes, recipe = _SAMPLE_SIZES, _SAMPLE_TINYBERT
    elif config.names_a_start and not config.from_scratch:
        sizes, recipe = DEFAULT_SIZES, _STARTED_TINYBERT
    else:
        sizes, recipe = DEFAULT_SIZES, _RANDOM_TINYBERT
    return recipe if config.names_a_start else {**sizes, **recipe}


def _defaults(config: DistillConfig, task: Task) -> dict[str, Any]:
    if config.model_type == "tinybert":
        return _tinybert_defaults(config, task)
    if config.model_type in _OF_THE_TEACHERS_SIZE:
        defaults = _OF_THE_TEACHERS_SIZE[config.model_type]
        return {**defaults, **_SAMPLE_LAYERS} if is_sample(task) else defaults
    if config.model_type in TOWER_TYPES:
        return _SAMPLE_TOWERS if is_sample(task) else _TOWERS
    tokenizers = {
        "bilstm": _PRESET_TOKENIZERS[config.student_preset],
        "static": "wordpiece",
    }
    return {
        **_WITHOUT_ATTENTION,
        "student_tokenizer": tokenizers[config.model_type],
        "student_max_seq_length": config.max_seq_length,
    }
