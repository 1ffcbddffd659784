"""Kinds of students by the name of `--model_type`. One file a kind."""

from collections.abc import Callable

from distill_tf.config import DistillConfig
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.pipeline.students.bert import bert_student
from distill_tf.pipeline.students.bilstm import bilstm_student
from distill_tf.pipeline.students.static import static_student
from distill_tf.pipeline.students.student import Student
from distill_tf.pipeline.students.theseus import theseus_student
from distill_tf.pipeline.students.towers import tower_student
from distill_tf.pipeline.teachers import Teacher
from distill_tf.tasks import Examples

STUDENTS: dict[str, Callable[[DistillConfig, Teacher, Examples], Student]] = {
    "tinybert": bert_student,
    "bert_pkd": bert_student,
    "theseus": theseus_student,
    "bilstm": bilstm_student,
    "static": static_student,
    **dict.fromkeys(TOWER_TYPES, tower_student),
}

__all__ = ["STUDENTS", "Student"]
