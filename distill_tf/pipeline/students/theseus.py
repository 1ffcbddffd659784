"""The student that takes the places of its teacher's layers."""

import functools
import itertools
from dataclasses import replace
from operator import attrgetter

from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods.layer_maps import hidden_state_map
from distill_tf.models.classifier import BertClassifier
from distill_tf.models.frozen_layers import FrozenLayers
from distill_tf.models.replacement import Replacement
from distill_tf.models.theseus_classifier import TheseusClassifier
from distill_tf.pipeline.students.bert import bert_student
from distill_tf.pipeline.students.student import Student
from distill_tf.pipeline.teachers import Teacher
from distill_tf.tasks import Examples
from distill_tf.training.jit import policy_of_untrained


def theseus_student(
    config: DistillConfig, teacher: Teacher, train: Examples
) -> Student:
    """A BERT of the teacher's widths that is trained amid the teacher's layers.

    Embeddings, pooler and head are the teacher's and stay as they are unless
    `train_embeddings` and `train_head` say otherwise. The teacher's layers are split
    evenly among the student's; where their number does not divide, some modules have
    a layer more. By another method than theseus it is the same BERT alone, of which the
    same parts are trained, unless it starts elsewhere.

    Raises:
        DistillError: the student cannot take the places of this teacher's layers.
    """
    if config.method == "theseus":
        _check(config, teacher)
    student = bert_student(config, teacher, train)

    def new_successor(precision: str) -> BertClassifier:
        model = student.new_model(precision)
        model.encoder.embeddings.trainable = bool(config.train_embeddings)
        model.encoder.pooler.trainable = config.train_head
        model.output_dense.trainable = config.train_head
        return model

    if config.method != "theseus":
        if config.init_checkpoint_student or config.from_scratch:
            return student
        return replace(student, new_model=new_successor)
    modules = _split(config.student_num_hidden_layers, teacher)
    replacement = _replacement(config)
    logging.info(
        "Modules of %s teacher layers are replaced with the probability %s.",
        ", ".join(str(end - start) for start, end in modules),
        replacement.describe(),
    )
    # One copy for all students that are made.
    predecessor = functools.cache(teacher.model.with_precision)

    def new_model(precision: str) -> TheseusClassifier:
        layers = predecessor(
            policy_of_untrained(precision, config.jit_compile)
        ).encoder.transformer_layers
        return TheseusClassifier(
            new_successor(precision),
            [FrozenLayers(layers[start:end]) for start, end in modules],
            replacement,
            config.gradient_accumulation_steps,
        )

    return replace(student, new_model=new_model, finished=attrgetter("successor"))


def _split(student_layers: int, teacher: Teacher) -> list[tuple[int, int]]:
    """The teacher layers [start, end) that each of the student's replaces."""
    pairs = hidden_state_map(
        "uniform", student_layers, teacher.model.config.num_hidden_layers
    )
    return list(itertools.pairwise(layer for _, layer in pairs))


def _replacement(config: DistillConfig) -> Replacement:
    if config.scheduler_linear_k and config.steps_for_replacing:
        raise DistillError(
            "scheduler_linear_k lets the probability of a replacement rise and "
            "steps_for_replacing lets it jump; give only one of them."
        )
    return Replacement(
        start=config.replace_prob,
        linear_k=config.scheduler_linear_k,
        steps=config.steps_for_replacing,
    )


def _check(config: DistillConfig, teacher: Teacher) -> None:
    if not isinstance(teacher.model, BertClassifier):
        raise DistillError(
            "method theseus runs the teacher's layers one by one, which this teacher "
            "does not let it; give one BERT checkpoint as init_checkpoint_teacher."
        )
    if config.init_checkpoint_student or config.from_scratch:
        raise DistillError(
            "a theseus starts from its teacher, whose embeddings and head it shares; "
            "leave out init_checkpoint_student and from_scratch, and choose its layers "
            "by layer_list."
        )
    if config.pooling_strategy not in (None, teacher.model.pooling_strategy):
        raise DistillError(
            f"a theseus has its teacher's head, which stands on pooling_strategy="
            f"{teacher.model.pooling_strategy}, but {config.pooling_strategy} is "
            "given; leave it out."
        )
