"""Teachers told apart by their content."""

from dataclasses import replace

import numpy as np
from tiny_cache import CountingTeacher
from tiny_training import TEACHER
from tiny_training import make_classifier

from distill_tf.teacher_cache import can_be_told
from distill_tf.teacher_cache import fingerprint


class Average:
    def __init__(self, *members, weights=(0.5, 0.5)):
        self.parts = (*members, weights)


def test_the_same_content_has_the_same_name():
    first, second = (make_classifier(TEACHER, seed=2) for _ in range(2))
    assert first.name != second.name
    assert fingerprint(first, "float32") == fingerprint(second, "float32")
    again = first.with_precision("float32")
    assert fingerprint(again, "float32") == fingerprint(first, "float32")


def test_anything_else_has_another():
    teacher = make_classifier(TEACHER, seed=2)
    changed = make_classifier(TEACHER, seed=2)
    weight = changed.weights[5]
    weight.assign(np.nextafter(weight.numpy(), np.inf))
    other = make_classifier(TEACHER, seed=3)
    names = [
        fingerprint(teacher, "float32"),
        fingerprint(teacher, "mixed_bfloat16"),
        fingerprint(changed, "float32"),
        fingerprint(
            make_classifier(replace(TEACHER, hidden_act="relu"), seed=2), "float32"
        ),
        fingerprint(make_classifier(TEACHER, seed=2, pooling_strategy="mean"), "f"),
        fingerprint(CountingTeacher(teacher), "float32"),
        fingerprint(Average(teacher, other), "float32"),
        fingerprint(Average(other, teacher), "float32"),
        fingerprint(Average(teacher, other, weights=(0.4, 0.6)), "float32"),
    ]
    assert len(set(names)) == len(names)


def test_a_teacher_that_does_not_say_what_it_is_made_of():
    assert can_be_told(make_classifier(TEACHER))
    assert can_be_told(Average())
    assert not can_be_told(object())
