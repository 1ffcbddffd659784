"""The class of texts that belong together, by number and by name."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.methods.positive_class import positive_class
from distill_tf.tasks.glue import MNLI
from distill_tf.tasks.glue import MRPC
from distill_tf.tasks.glue import QNLI
from distill_tf.tasks.glue import QQP
from distill_tf.tasks.glue import RTE
from distill_tf.tasks.sample import SAMPLE_PAIR
from distill_tf.tasks.superglue import BOOLQ


@pytest.mark.parametrize(
    ("task", "expected"),
    [(MRPC, 1), (QQP, 1), (RTE, 0), (QNLI, 0), (MNLI, 1), (SAMPLE_PAIR, 1)],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_names_tell_it(task, expected):
    assert positive_class(None, task.labels) == expected


def test_the_setting_goes_before_the_names():
    assert positive_class(1, RTE.labels) == 1
    assert positive_class(0, BOOLQ.labels) == 0


@pytest.mark.parametrize(
    "labels", [BOOLQ.labels, ("0", "1", "2"), ("same", "other")], ids=str
)
def test_names_that_tell_nothing_are_shown(labels):
    with pytest.raises(
        DistillError, match=rf"names 0 \({labels[0]}\), 1 .* give it with contrast_cl"
    ):
        positive_class(None, labels)


def test_a_class_that_does_not_exist_is_refused():
    with pytest.raises(DistillError, match=r"is 2, but the classes are 0 \(entail"):
        positive_class(2, RTE.labels)
