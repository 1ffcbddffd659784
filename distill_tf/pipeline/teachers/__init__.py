"""Kinds of teachers. One file a kind; `distill_tf.pipeline.teacher` chooses."""

from distill_tf.pipeline.teachers.live import LiveTeacher
from distill_tf.pipeline.teachers.live import bert_config_of
from distill_tf.pipeline.teachers.live import bert_of
from distill_tf.pipeline.teachers.logits_file import LogitsFile
from distill_tf.pipeline.teachers.teacher import Teacher

__all__ = ["LiveTeacher", "LogitsFile", "Teacher", "bert_config_of", "bert_of"]
